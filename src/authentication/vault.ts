import { forget, Secret } from './secret.js';

/**
 * The only place that keeps a PIN: from its entry to the answer of the OTP request, and after that only for
 * the one `resetStep` request. Nothing here is reachable from an event, a snapshot or an error.
 */
export interface Vault {
  /** Keeps `pin` until `forgetPin`. */
  deposit(pin: string): void;
  /** @returns The result of `use`; `undefined`, without calling it, if there is no PIN. */
  spend<T>(use: (pin: string) => T): T | undefined;
  /** @returns Whether `code` equals the PIN: a back end may echo what it was sent. */
  isEchoedBy(code: number): boolean;
  /** Drops the PIN. */
  forgetPin(): void;
  /** Keeps `otp` for `prepareReplay` until `forgetOtp`. */
  keepOtp(otp: string): void;
  readonly otp: Secret | undefined;
  /** Drops the OTP, also for those who hold its `Secret`. */
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
