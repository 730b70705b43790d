import { createCall } from 'strong-auth-machine';
import { button, createPadForm, element } from '../shared/dom.js';
import { type Command, commands, type Mount, outcomeOfCall } from '../shared/remote.js';

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
    const call = createCall(strongAuth, ({ send }) => send(command.request));
    press.onclick = call.run;
    giveUp.onclick = call.abort;
    call.view.subscribe(({ status, error, isPending }) => {
      press.disabled = isPending;
      outcome.textContent = outcomeOfCall(status, error);
    });
    const node = element('p', 'command');
    node.append(press, giveUp, outcome);
    return { node, end: call.reset };
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
    for (const { end } of rows) end(); // nobody is left to see what would become of them
    root.replaceChildren();
  };
};
