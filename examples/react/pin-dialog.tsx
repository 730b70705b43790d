import { usePinPad } from 'strong-auth-machine/react';

/** Asks for the PIN while one is wanted. The input is uncontrolled: the PIN is in the field, and in no state of React. */
export function PinDialog() {
  const pad = usePinPad();
  if (!pad.isOpen) return null;
  return (
    <form data-testid="pad" {...pad.formProps}>
      <p>
        <output data-testid="reason">{`${pad.reason}, attempt ${pad.attempt}, ${pad.attemptsLeft} left`}</output>
      </p>
      <label {...pad.labelProps}>
        PIN <input data-testid="pin" {...pad.inputProps} />
      </label>{' '}
      <button type="submit" data-testid="submit">
        Unlock
      </button>{' '}
      <button type="button" data-testid="cancel" onClick={pad.cancel}>
        Cancel
      </button>
    </form>
  );
}
