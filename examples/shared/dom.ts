import type { PinPad, PinPadView } from 'strong-auth-machine';
import { padText } from './pad-text.js';

/** @returns An element that the checks find as `part`. */
export function element(tag: string, part: string, text = ''): HTMLElement {
  const created = document.createElement(tag);
  created.dataset.testid = part;
  created.textContent = text;
  return created;
}

/** @returns A button that the checks find as `part`. */
export function button(part: string, label: string): HTMLButtonElement {
  const created = element('button', part, label) as HTMLButtonElement;
  created.type = 'button';
  return created;
}

/** A form for the PIN. It is in its place while one is asked for or checked; its field stays the same one, and keeps its focus. */
export function createPadForm(pinPad: PinPad) {
  const form = element('form', 'pad') as HTMLFormElement;
  const reason = element('output', 'reason');
  const input = element('input', 'pin') as HTMLInputElement;
  Object.assign(input, { type: 'password', inputMode: 'numeric', autocomplete: 'off', ariaLabel: 'PIN' });
  const cancel = button('cancel', 'Cancel');
  const unlock = button('submit', 'Unlock');
  unlock.type = 'submit';
  form.append(reason, input, unlock, cancel);
  const node = element('div', 'pad-place');

  let shown: PinPadView = pinPad.view.getSnapshot();
  // Both answer the prompt that is shown. The pad ignores an answer to another, an empty one, and one while it checks.
  cancel.onclick = () => shown.prompt && pinPad.cancel(shown.prompt);
  form.onsubmit = (event) => {
    event.preventDefault();
    const pin = input.value;
    form.reset();
    if (shown.prompt) pinPad.submit(pin, shown.prompt);
  };

  return {
    node,
    /** Shows what the pad is at. */
    show(view: PinPadView) {
      const { phase, prompt } = view;
      if (view !== shown) form.reset(); // what was typed for one prompt is not for the next
      shown = view;
      if (phase === 'closed') return node.replaceChildren();
      const isChecking = phase === 'checking';
      reason.textContent = padText(view);
      input.readOnly = isChecking; // `disabled` would take the focus away
      input.ariaInvalid = String(!isChecking && prompt.reason !== 'strongAuthNeeded');
      unlock.ariaDisabled = cancel.ariaDisabled = String(isChecking);
      if (!form.isConnected) node.replaceChildren(form);
    },
  };
}
