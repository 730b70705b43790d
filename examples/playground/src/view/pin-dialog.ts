import type { PinPrompt } from 'strong-auth-machine';
import type { Stage } from '../stage.js';
import type { Hands } from '../story-steps.js';
import { byId, html, purposeOf, setText } from './dom.js';
import type { Phone } from './phone.js';

/** The PIN pad on the page. */
export interface PinDialog extends Pick<Hands, 'typePin'> {
  /** @param isModal Whether nothing else on the phone can be reached while it is open, as in an app. */
  draw(stage: Stage, isModal: boolean): void;
}

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'Clear', '0', '⌫'] as const;
const MAX_DIGITS = 8;
/** How fast a story types, in ms a digit. */
const TYPING_MS = 110;

/** Why the PIN is asked for, in words. */
const reasons: Readonly<Record<PinPrompt['reason'], string>> = {
  strongAuthNeeded: 'The car asks for it before it does this.',
  pinRejected: 'That was not the PIN.',
  pinMalformed: 'A PIN has 4 to 8 digits. Nothing was sent.',
};

/** @param takesFocus Whether the pad takes the focus when it opens. */
export function createPinDialog(phone: Phone, takesFocus: () => boolean): PinDialog {
  const dialog = byId('pad', HTMLDialogElement);
  const chart = byId('chart', SVGSVGElement);
  const input = byId('pin', HTMLInputElement);
  const keys = byId('keys', HTMLFieldSetElement);
  const submit = byId('pad-submit', HTMLButtonElement);
  const show = byId('pin-show', HTMLButtonElement);
  const reason = byId('pad-reason', HTMLParagraphElement);
  const attempts = byId('pad-attempts', HTMLParagraphElement);
  const title = byId('pad-title', HTMLHeadingElement);
  const purpose = byId('pad-for', HTMLParagraphElement);
  let stage: Stage | undefined;
  /** What is asked. An answer is given to this prompt, and to no other. */
  let shown: PinPrompt | undefined;
  let isChecking = false;
  let isStripped = false;

  const readsOut = () => {
    setText(title, isChecking ? 'Checking the PIN' : 'Enter your PIN');
    if (!shown) {
      setText(reason, isChecking ? 'The OTP is being requested.' : '');
      return setText(attempts, '');
    }
    setText(reason, isStripped ? 'Only digits count.' : reasons[shown.reason]);
    setText(attempts, `Attempt ${shown.attempt}, ${shown.attemptsLeft} left`);
  };

  /** What was typed, pasted or filled in: its digits. */
  const type = (text: string) => {
    const digits = text.replace(/\D/g, '').slice(0, MAX_DIGITS);
    isStripped = digits !== text;
    if (input.value !== digits) input.value = digits;
    submit.setAttribute('aria-disabled', String(digits === '' || isChecking));
    readsOut();
  };
  const empty = () => {
    type('');
    input.type = 'password';
    show.setAttribute('aria-pressed', 'false');
  };
  const decline = () => {
    if (isChecking) stage?.strongAuth.cancel();
    else stage?.pad.cancel(shown);
  };
  const give = () => {
    const pin = input.value;
    // While it is checked there is nothing to give.
    if (isChecking || pin === '') return;
    empty();
    stage?.pad.submit(pin, shown);
  };

  keys.append(
    ...KEYS.map((key) => {
      const button = html('button', {
        class: /\d/.test(key) ? 'key' : 'key word',
        text: key,
        // Who uses a keyboard types: twelve stops on the way to the next button would be in the way.
        attributes: {
          type: 'button',
          tabindex: '-1',
          ...(key === '⌫' && { 'aria-label': 'Delete the last digit' }),
        },
      });
      button.addEventListener('pointerdown', (event) => event.preventDefault()); // the focus stays where it is
      button.addEventListener('click', () => {
        if (isChecking) return;
        if (key === 'Clear') type('');
        else type(key === '⌫' ? input.value.slice(0, -1) : input.value + key);
      });
      return button;
    }),
  );
  // The pad has keys of its own: no second keyboard on top of it.
  if (window.matchMedia('(pointer: coarse)').matches) input.inputMode = 'none';

  input.addEventListener('input', () => type(input.value));
  show.addEventListener('click', () => {
    const isShown = input.type === 'password';
    input.type = isShown ? 'text' : 'password';
    show.setAttribute('aria-pressed', String(isShown));
  });
  byId('pad-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    give();
  });
  byId('pad-cancel', HTMLButtonElement).addEventListener('click', decline);
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    decline();
  });

  const close = () => {
    empty();
    phone.close(dialog);
  };

  return {
    draw(current, isModal) {
      const { phase, prompt: latest } = current.pad.view.getSnapshot();
      const prompt = phase === 'asking' ? latest : undefined;
      const checks = phase === 'checking';
      if (current !== stage || prompt !== shown || checks !== isChecking) {
        stage = current;
        shown = prompt;
        isChecking = checks;
        empty();
        input.readOnly = checks;
        for (const part of [show, ...keys.children]) part.setAttribute('aria-disabled', String(checks));
        dialog.classList.toggle('is-checking', checks);
        dialog.classList.toggle('is-wrong', prompt !== undefined && prompt.reason !== 'strongAuthNeeded');
        dialog.dataset.reason = prompt?.reason ?? '';
      }
      if (prompt) setText(purpose, purposeOf(prompt.calls.map(nameOf)));
      if (prompt || checks) {
        phone.open(dialog, input, { isModal, takesFocus: takesFocus(), chart });
        if (prompt && isModal && document.activeElement === document.body) input.focus();
      } else close();
    },
    async typePin(pin) {
      const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
      for (const digit of pin) {
        type(input.value + digit);
        if (!isStill) await new Promise((resolve) => window.setTimeout(resolve, TYPING_MS));
      }
      give();
    },
  };
}

const nameOf = ({ label, action, api }: PinPrompt['calls'][number]): string =>
  label ?? action ?? api.replace('pims.', '');
