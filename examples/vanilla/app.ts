import { type Command, commands, type Mount, outcomeOf } from '../shared/remote.js';

/** The remote without a framework: `view` and the pad are stores, and a store is all that a screen needs. */
export const mount: Mount = (root, { strongAuth, pinPad }) => {
  const status = element('output', 'status');
  const waiting = element('output', 'waiting');
  const failure = element('output', 'failure');
  const rows = commands.map(createRow);
  const pad = createPad();
  root.replaceChildren(status, waiting, failure, ...rows.map((row) => row.node), pad.node);

  function createRow(command: Command) {
    const press = button(command.id, command.label);
    const giveUp = button(`${command.id}-give-up`, 'Give up');
    const outcome = element('output', `${command.id}-outcome`, 'unmade');
    let controller = new AbortController();
    press.onclick = async () => {
      controller = new AbortController();
      const { signal } = controller;
      outcome.textContent = 'pending';
      try {
        await strongAuth.send(command.request, { signal });
        outcome.textContent = 'succeeded';
      } catch (error) {
        outcome.textContent = outcomeOf(error, signal);
      }
    };
    const abort = () => controller.abort();
    giveUp.onclick = abort;
    const node = element('p', 'command');
    node.append(press, giveUp, outcome);
    return { node, abort };
  }

  function createPad() {
    const form = element('form', 'pad') as HTMLFormElement;
    const reason = element('output', 'reason');
    const input = element('input', 'pin') as HTMLInputElement;
    Object.assign(input, { type: 'password', inputMode: 'numeric', autocomplete: 'off', ariaLabel: 'PIN' });
    const cancel = button('cancel', 'Cancel');
    cancel.onclick = pinPad.cancel;
    const unlock = button('submit', 'Unlock');
    unlock.type = 'submit';
    form.append(reason, input, unlock, cancel);
    form.onsubmit = (event) => {
      event.preventDefault();
      const pin = input.value;
      form.reset();
      pinPad.submit(pin);
    };
    const node = element('div', 'pad-place');
    return { node, form, reason };
  }

  const render = () => {
    const view = strongAuth.view.getSnapshot();
    status.textContent = view.status;
    waiting.textContent = String(view.waiting);
    failure.textContent = view.failure?.code ?? '';
    const { prompt } = pinPad.view.getSnapshot();
    if (!prompt) return pad.node.replaceChildren();
    pad.reason.textContent = `${prompt.reason}, attempt ${prompt.attempt}, ${prompt.attemptsLeft} left`;
    if (!pad.form.isConnected) pad.node.replaceChildren(pad.form);
  };
  const unsubscribers = [strongAuth.view.subscribe(render), pinPad.view.subscribe(render)];
  render();

  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe();
    for (const { abort } of rows) abort(); // nobody is left to see what would become of them
    root.replaceChildren();
  };
};

function element(tag: string, part: string, text = ''): HTMLElement {
  const created = document.createElement(tag);
  created.dataset.testid = part;
  created.textContent = text;
  return created;
}

function button(part: string, label: string): HTMLButtonElement {
  const created = element('button', part, label) as HTMLButtonElement;
  created.type = 'button';
  return created;
}
