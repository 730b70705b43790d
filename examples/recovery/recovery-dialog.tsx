import type { FormEvent } from 'react';
import { type RecoveryPadControl, useRecoveryPad } from 'strong-auth-machine/react';
import type { RecoveryPad } from 'strong-auth-machine/recovery';
import { questions, reasons } from './words.js';

/** Asks whatever the recovery wants to know: a yes, a number, a code, a PIN. */
export function RecoveryDialog({ pad }: { readonly pad: RecoveryPad }) {
  const control = useRecoveryPad(pad);
  const { question } = control;
  if (!question) return null;
  const { kind, reason, attempt, attemptsLeft } = question;
  return (
    // A key of its own for each question: what was typed for one is not for the next.
    <div data-testid="question" key={`${kind} ${reason} ${attempt}`}>
      <p>
        <output data-testid="why">
          {reasons[reason]} {attempt > 1 && `${attemptsLeft} left.`}
        </output>
      </p>
      {kind === 'confirmRemoval' ? <Confirmation {...control} /> : <Answer {...control} />}
    </div>
  );
}

function Confirmation({ submit, cancel }: RecoveryPadControl) {
  return (
    <>
      <p>{questions.confirmRemoval}</p>
      <button type="button" data-testid="yes" onClick={() => submit(true)}>
        Remove them
      </button>{' '}
      <button type="button" data-testid="decline" onClick={cancel}>
        Cancel
      </button>
    </>
  );
}

/** The input is uncontrolled: what is typed is in the field, and in no state of React. */
function Answer({ question, field, resendInSeconds, submit, cancel, resend }: RecoveryPadControl) {
  if (!question) return null;
  const onSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    submit(String(new FormData(event.currentTarget).get('answer')));
    event.currentTarget.reset();
  };
  return (
    <form onSubmit={onSubmit}>
      <label>
        {questions[question.kind]} <input data-testid="answer" name="answer" required {...field} />
      </label>{' '}
      <button type="submit" data-testid="give">
        Continue
      </button>{' '}
      <button type="button" data-testid="decline" onClick={cancel}>
        Cancel
      </button>{' '}
      {resendInSeconds !== undefined && (
        <button type="button" data-testid="resend" disabled={resendInSeconds > 0} onClick={resend}>
          Another SMS {resendInSeconds > 0 && `in ${resendInSeconds} s`}
        </button>
      )}
    </form>
  );
}
