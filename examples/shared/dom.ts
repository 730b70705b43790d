import type { PromptView } from 'strong-auth-machine';

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

/** A form for the PIN, and the place where it is shown while one is asked for. */
export function createPadForm(pad: { submit(pin: string): void; cancel(): void }) {
  const form = element('form', 'pad') as HTMLFormElement;
  const reason = element('output', 'reason');
  const input = element('input', 'pin') as HTMLInputElement;
  Object.assign(input, { type: 'password', inputMode: 'numeric', autocomplete: 'off', ariaLabel: 'PIN' });
  const cancel = button('cancel', 'Cancel');
  cancel.onclick = pad.cancel;
  const unlock = button('submit', 'Unlock');
  unlock.type = 'submit';
  form.append(reason, input, unlock, cancel);
  form.onsubmit = (event) => {
    event.preventDefault();
    const pin = input.value;
    form.reset();
    pad.submit(pin);
  };
  const node = element('div', 'pad-place');
  return {
    node,
    /** Shows what is asked, or nothing. */
    show(prompt: Omit<PromptView, 'calls'> | undefined) {
      if (!prompt) return node.replaceChildren();
      reason.textContent = `${prompt.reason}, attempt ${prompt.attempt}, ${prompt.attemptsLeft} left`;
      if (!form.isConnected) node.replaceChildren(form);
    },
  };
}
