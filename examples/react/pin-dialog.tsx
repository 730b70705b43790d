import type { PinPad } from 'strong-auth-machine';
import { usePinPad } from 'strong-auth-machine/react';
import { padText } from '../shared/pad-text.js';

/**
 * Asks for the PIN while one is wanted, and stays while it is checked, so that a field that is asked again keeps its focus. The
 * input is uncontrolled: the PIN is in the field, and in no state of React.
 *
 * @param props.pinPad The nearest provider's unless given.
 */
export function PinDialog({ pinPad }: { readonly pinPad?: PinPad }) {
  const pad = usePinPad(pinPad);
  if (pad.phase === 'closed') return null;
  const isChecking = pad.phase === 'checking'; // not `disabled`, which would take the focus away
  return (
    <form data-testid="pad" {...pad.formProps}>
      <p>
        <output data-testid="reason">{padText(pad)}</output>
      </p>
      <label {...pad.labelProps}>
        PIN <input data-testid="pin" {...pad.inputProps} />
      </label>{' '}
      <button type="submit" data-testid="submit" aria-disabled={isChecking}>
        Unlock
      </button>{' '}
      <button type="button" data-testid="cancel" aria-disabled={isChecking} onClick={pad.cancel}>
        Cancel
      </button>
    </form>
  );
}
