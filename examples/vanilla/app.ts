import { button, createPadForm, element } from '../shared/dom.js';
import { type Command, commands, type Mount, outcomeOf } from '../shared/remote.js';

/** The remote without a framework: `view` and the pad are stores, and a store is all that a screen needs. */
export const mount: Mount = (root, { strongAuth, pinPad }) => {
  const status = element('output', 'status');
  const waiting = element('output', 'waiting');
  const failure = element('output', 'failure');
  const rows = commands.map(createRow);
  const pad = createPadForm(pinPad);
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

  const render = () => {
    const view = strongAuth.view.getSnapshot();
    status.textContent = view.status;
    waiting.textContent = String(view.waiting);
    failure.textContent = view.failure?.code ?? '';
    pad.show(pinPad.view.getSnapshot());
  };
  const unsubscribers = [strongAuth.view.subscribe(render), pinPad.view.subscribe(render)];
  render();

  return () => {
    for (const unsubscribe of unsubscribers) unsubscribe();
    for (const { abort } of rows) abort(); // nobody is left to see what would become of them
    root.replaceChildren();
  };
};
