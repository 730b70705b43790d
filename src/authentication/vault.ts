import { forget, Secret } from './secret.js';

/**
 * The only place where a PIN rests: from its entry to the answer of the OTP request, kept over that for the one
 * `resetStep` request. Nothing here is reachable from an event, a snapshot or an error.
 */
export interface Vault {
  /** Keeps `pin` until it is forgotten. */
  deposit(pin: string): void;
  /** @returns What `use` makes of the PIN; `undefined`, without calling it, if there is none. */
  spend<T>(use: (pin: string) => T): T | undefined;
  /** @returns Whether `code` would give the PIN away: a back end may echo what it was sent. */
  isEchoedBy(code: number): boolean;
  /** Drops the PIN. */
  forgetPin(): void;
  /** Keeps `otp` for `prepareReplay` until it is forgotten. */
  keepOtp(otp: string): void;
  readonly otp: Secret | undefined;
  /** Drops the OTP, for those who hold its `Secret` too. */
  forgetOtp(): void;
}

export function createVault(): Vault {
  let pin: string | undefined;
  let otp: Secret | undefined;

  const forgetOtp = () => {
    if (otp) forget(otp);
    otp = undefined;
  };

  return {
    deposit(entered) {
      pin = entered;
    },
    spend: (use) => (pin === undefined ? undefined : use(pin)),
    isEchoedBy: (code) => pin !== undefined && Number(pin) === code,
    forgetPin() {
      pin = undefined;
    },
    keepOtp(granted) {
      forgetOtp();
      otp = new Secret(granted);
    },
    get otp() {
      return otp;
    },
    forgetOtp,
  };
}
