import { createManualClock } from 'strong-auth-machine/simulator';
import { createScriptedTransport, driverPolicy, type WorldOptions } from 'strong-auth-machine/testing';
import { type ButtonKind, createRemote } from './remote.js';

/** What a test may do to the page that no user can: answer for the SDK, and let time pass. */
export interface PageHands {
  start(world: Omit<WorldOptions, 'alphabet'>): void;
  answerCall(button: number, message: unknown): void;
  answerOtp(message: unknown): void;
  advance(ms: number): void;
}

declare global {
  interface Window {
    hands: PageHands;
  }
}

const element = (tag: string, attributes: Record<string, string>, text = '') => {
  const created = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) created.setAttribute(name, value);
  created.textContent = text;
  return created;
};

window.hands = {
  start(world) {
    const transport = createScriptedTransport();
    const clock = createManualClock();
    const buttons = (world.calls ?? ['call']) as ButtonKind[];
    const remote = createRemote(buttons, { transport, clock, policy: driverPolicy(world) });
    const unanswered = (isMeant: (parameters: Record<string, unknown>) => boolean) =>
      transport.requests.find(({ request, isAnswered }) => !isAnswered && isMeant(request.parameters ?? {}));
    Object.assign(window.hands, {
      answerCall: (meant: number, message: unknown) =>
        unanswered(({ button }) => button === meant)?.resolve(message),
      answerOtp: (message: unknown) => unanswered(({ pinCode }) => pinCode !== undefined)?.resolve(message),
      advance: (ms: number) => clock.advance(ms),
    });

    const screen = element('main', {});
    document.body.replaceChildren(screen);
    const status = element('p', { id: 'status', role: 'status' });
    const waiting = element('p', { id: 'waiting' });
    screen.append(status, waiting);
    const outcomes = buttons.map((kind, button) => {
      const press = element('button', { id: `press-${button}` }, `${kind} ${button}`);
      press.onclick = () => remote.press(button);
      const giveUp = element('button', { id: `give-up-${button}` }, 'give up');
      giveUp.onclick = () => remote.giveUp(button);
      const outcome = element('output', { id: `outcome-${button}` });
      screen.append(press, giveUp, outcome);
      return outcome;
    });

    const dialog = element('form', { id: 'pad', hidden: '' }) as HTMLFormElement;
    const label = element('label', {}, 'PIN ');
    const input = element('input', {
      id: 'pin',
      inputmode: 'numeric',
      autocomplete: 'off',
    }) as HTMLInputElement;
    const reason = element('span', { id: 'reason' });
    const cancel = element('button', { id: 'cancel', type: 'button' }, 'Cancel');
    label.append(input);
    dialog.append(label, reason, element('button', { id: 'submit' }, 'Unlock'), cancel);
    dialog.onsubmit = (event) => {
      event.preventDefault();
      const pin = input.value;
      input.value = '';
      remote.pad.submit(pin);
    };
    cancel.onclick = () => remote.pad.cancel();
    screen.append(dialog);

    const render = () => {
      const view = remote.strongAuth.view.getSnapshot();
      const { prompt } = remote.pad.view.getSnapshot();
      status.textContent = view.status;
      waiting.textContent = String(view.waiting);
      reason.textContent = prompt ? `${prompt.reason}, ${prompt.attempt}, ${prompt.attemptsLeft}` : '';
      dialog.hidden = !prompt;
      outcomes.forEach((outcome, button) => {
        outcome.textContent = remote.outcomes[button] ?? '';
      });
    };
    remote.subscribe(render);
    render();
  },
  answerCall: () => {},
  answerOtp: () => {},
  advance: () => {},
};
