import type { EnterPin } from 'strong-auth-machine';

/** The system's store for secrets, which opens with a face or a finger. */
export interface Keychain {
  /** Resolves with the PIN; `null` if there is none, or the user has turned the biometrics down. */
  read(): Promise<string | null>;
  /** Forgets the PIN. */
  forget(): Promise<void>;
}

/** Takes the PIN from the keychain, once a wave. Whatever is wrong with that PIN, the pad asks for the next one. */
export function enterPinWithBiometrics(keychain: Keychain, askOnPad: EnterPin): EnterPin {
  let isKept = false;
  return async (prompt) => {
    // Only the first prompt of a wave: a kept PIN that was rejected would be rejected again, until the account is blocked.
    if (prompt.reason === 'strongAuthNeeded') {
      const pin = await keychain.read().catch(() => null);
      isKept = Boolean(pin);
      if (pin || prompt.signal.aborted) return pin;
    } else if (isKept) {
      isKept = false;
      await keychain.forget(); // the user has changed it elsewhere
    }
    return askOnPad(prompt);
  };
}
