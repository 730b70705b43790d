import type { StepUpChallenge } from 'strong-auth-machine/fetch';
import type { Stage } from '../stage.js';
import { byId, html, purposeOf, setText } from './dom.js';
import type { Phone } from './phone.js';

/** The sheet in which the user signs in again, in the place of a popup, a redirect or a passkey. */
export interface SignInDialog {
  draw(stage: Stage): void;
}

/** @param takesFocus Whether the sheet takes the focus when it opens. */
export function createSignInDialog(
  phone: Phone,
  takesFocus: () => boolean,
  current: () => Stage,
): SignInDialog {
  const dialog = byId('sign-in', HTMLDialogElement);
  const chart = byId('chart', SVGSVGElement);
  const [title, purpose, says] = [
    byId('sign-in-title', HTMLHeadingElement),
    byId('sign-in-for', HTMLParagraphElement),
    byId('sign-in-says', HTMLParagraphElement),
  ];
  const list = byId('sign-in-challenges', HTMLUListElement);
  const submit = byId('sign-in-submit', HTMLButtonElement);
  let drawn = '';

  const decline = () => current().bank?.decline();
  byId('sign-in-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    current().bank?.signIn();
  });
  byId('sign-in-cancel', HTMLButtonElement).addEventListener('click', decline);
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    decline();
  });

  return {
    draw({ bank }) {
      const prompt = bank?.prompt;
      if (!bank || !prompt) {
        drawn = '';
        return phone.close(dialog);
      }
      const { isSigningIn } = bank;
      setText(title, isSigningIn ? 'Signing in' : 'Sign in again');
      setText(purpose, purposeOf(prompt.requests.map(({ label, url }) => label ?? url)));
      setText(
        says,
        isSigningIn
          ? `For ${bank.signIns.at(-1)}. What joins now waits for the next one.`
          : 'The bank answered:',
      );
      submit.setAttribute('aria-disabled', String(isSigningIn));
      list.hidden = isSigningIn;
      const asked = prompt.challenges.map((challenge, index) => ({
        name: prompt.requests[index]?.label ?? '',
        answer: inWords(challenge),
      }));
      if (JSON.stringify(asked) !== drawn) {
        drawn = JSON.stringify(asked);
        list.replaceChildren(
          ...asked.map(({ name, answer }) =>
            html('li', {}, html('span', { text: name }), html('code', { text: answer })),
          ),
        );
      }
      phone.open(dialog, submit, { isModal: true, takesFocus: takesFocus(), chart });
    },
  };
}

/** @returns What the server said, as in its header. */
const inWords = ({ error, acrValues, scopes }: StepUpChallenge): string =>
  [error, acrValues.length > 0 && `acr_values=${acrValues}`, scopes.length > 0 && `scope=${scopes}`]
    .filter(Boolean)
    .join(' ');
