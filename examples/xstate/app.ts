import { createActor } from 'xstate';
import { button, createPadForm, element } from '../shared/dom.js';
import { type Command, commands, type Mount } from '../shared/remote.js';
import { createRemoteMachine } from './remote.machine.js';

/** The remote of an app that is XState already: each row shows an actor, the rest shows the client's. */
export const mount: Mount = (root, { strongAuth, pinPad }) => {
  const remote = createActor(createRemoteMachine(strongAuth)).start();
  const { children } = remote.getSnapshot();

  const status = element('output', 'status');
  const waiting = element('output', 'waiting');
  const failure = element('output', 'failure');
  // The PIN goes to the pad itself: in an event, an inspector would see it. What is shown there is the pad's, too: an answer is for
  // the prompt that was on the page, and the view of the client has none to give back.
  const pad = createPadForm(pinPad);
  root.replaceChildren(status, waiting, failure, ...commands.map(createRow), pad.node);

  function createRow({ id, label }: Command) {
    const command = children[id];
    const press = button(id, label);
    const giveUp = button(`${id}-give-up`, 'Give up');
    const outcome = element('output', `${id}-outcome`, 'unmade');
    press.onclick = () => command?.send({ type: 'pressed' });
    giveUp.onclick = () => command?.send({ type: 'givenUp' });
    command?.subscribe(({ value, context }) => {
      press.disabled = value === 'pending';
      outcome.textContent = value === 'failed' ? context.code : value;
    });
    const node = element('p', 'command');
    node.append(press, giveUp, outcome);
    return node;
  }

  const render = () => {
    const view = children.strongAuth?.getSnapshot().context;
    status.textContent = view?.status ?? '';
    waiting.textContent = String(view?.waiting);
    failure.textContent = view?.failure?.code ?? '';
  };
  children.strongAuth?.subscribe({ next: render });
  render();
  const stopPad = pinPad.view.subscribe(pad.show);
  pad.show(pinPad.view.getSnapshot());

  return () => {
    stopPad();
    remote.stop(); // and with it the invokes, which aborts their calls
    root.replaceChildren();
  };
};
