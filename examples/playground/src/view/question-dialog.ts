import type { RecoveryPadView, RecoveryQuestion } from 'strong-auth-machine/recovery';
import type { Stage } from '../stage.js';
import type { Hands } from '../story-steps.js';
import { byId, setText } from './dom.js';
import type { Phone } from './phone.js';

/** The questions of the recovery on the phone, and the text message that one of them asks for. */
export interface QuestionDialog extends Pick<Hands, 'answer'> {
  draw(stage: Stage): void;
}

/** What is asked, in words. */
const titles: Readonly<Record<RecoveryQuestion['kind'], string>> = {
  pin: 'Enter the PIN of your account',
  newPin: 'Choose a new PIN',
  smsCode: 'Enter the code from the text message',
  phoneNumber: 'Enter your phone number',
  confirmRemoval: 'Remove every phone of your account?',
};

/** Why it is asked, in words. */
const reasons: Readonly<Record<RecoveryQuestion['reason'], string>> = {
  needed: '',
  malformed: 'That cannot be right. Nothing was sent.',
  pinRejected: 'That was not the PIN.',
  pinReused: 'The new PIN must differ from the last one.',
  smsUncertain: 'The message may not have been sent. It may still arrive.',
  smsRejected: 'That was not the code.',
  smsExpired: 'That code is too old.',
  accountBlocked: 'The account is blocked. Each phone has to be registered again.',
  notEnrolled: 'This phone is not registered. Each phone has to be registered again.',
};

/** @param takesFocus Whether a question takes the focus when it opens. */
export function createQuestionDialog(
  phone: Phone,
  takesFocus: () => boolean,
  current: () => Stage,
): QuestionDialog {
  const dialog = byId('question', HTMLDialogElement);
  const chart = byId('recovery-chart', SVGSVGElement);
  const title = byId('question-title', HTMLHeadingElement);
  const reason = byId('question-reason', HTMLParagraphElement);
  const attempts = byId('question-attempts', HTMLParagraphElement);
  const field = byId('answer', HTMLInputElement);
  const submit = byId('question-submit', HTMLButtonElement);
  const resend = byId('question-resend', HTMLButtonElement);
  const banner = byId('sms', HTMLElement);
  const code = byId('sms-code', HTMLElement);
  /** What is asked. An answer is given to this question, and to no other. */
  let shown: RecoveryQuestion | undefined;

  const give = (answer: string | boolean) => {
    const { questions } = current();
    if (answer === false) questions.cancel(shown);
    else if (answer !== '') questions.submit(answer, shown);
    field.value = '';
  };
  byId('question-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    give(shown?.kind === 'confirmRemoval' ? true : field.value);
  });
  byId('question-cancel', HTMLButtonElement).addEventListener('click', () => give(false));
  resend.addEventListener('click', () => void current().questions.resend());
  dialog.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    give(false);
  });

  const ask = (question: RecoveryQuestion, { field: looks }: RecoveryPadView) => {
    const { kind, attempt, attemptsLeft } = question;
    dialog.dataset.kind = kind;
    setText(title, titles[kind]);
    setText(reason, reasons[question.reason]);
    setText(attempts, looks ? `Attempt ${attempt}, ${attemptsLeft} left` : '');
    setText(submit, looks ? 'Continue' : 'Remove');
    field.hidden = looks === undefined;
    field.value = '';
    if (looks) {
      field.type = looks.type;
      field.inputMode = looks.inputMode;
      field.autocomplete = looks.autoComplete;
    }
    phone.close(dialog);
    phone.open(dialog, looks ? field : submit, { isModal: true, takesFocus: takesFocus(), chart });
  };

  return {
    draw({ questions, simulator }) {
      const view = questions.view.getSnapshot();
      if (view.question !== shown) {
        shown = view.question;
        if (shown) ask(shown, view);
        else phone.close(dialog);
      }
      const seconds = view.resendInSeconds;
      resend.hidden = seconds === undefined;
      resend.setAttribute('aria-disabled', String(seconds !== 0));
      setText(resend, seconds ? `Another message in ${seconds} s` : 'Another message');
      const arrived = simulator.smsCode;
      banner.hidden = arrived === undefined;
      setText(code, arrived ?? '');
    },
    async answer(answer) {
      if (typeof answer === 'string') field.value = answer;
      await new Promise(requestAnimationFrame); // seen before it is sent
      give(answer);
    },
  };
}
