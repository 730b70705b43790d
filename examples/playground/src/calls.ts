import { type EnsureOptions, isApiError, isStrongAuthError } from 'strong-auth-machine';
import type { CallLife, Journal } from './journal.js';

/** Follows each call of the app from its beginning to its end. */
export interface Calls {
  /**
   * @param start Makes the call. The signal aborts when the visitor gives it up.
   * @param key What is not made a second time while it is outstanding.
   */
  follow(
    made: Pick<CallLife, 'label' | 'verb' | 'api'>,
    start: (signal: AbortSignal) => Promise<unknown>,
    key?: string,
  ): CallLife | undefined;
  /** Asks for strong authentication before a call needs it. */
  ensure(client: { ensure(options: EnsureOptions): Promise<void> }): CallLife | undefined;
  /** Whether a call with this key is outstanding. */
  isBusy(key: string): boolean;
  /** Makes no more calls. */
  end(): void;
  readonly isEnded: boolean;
}

export function createCalls(journal: Journal): Calls {
  const busy = new Set<string>();
  let isEnded = false;
  const follow: Calls['follow'] = (made, start, key) => {
    if (isEnded || (key !== undefined && busy.has(key))) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const call = journal.open({ ...made, giveUp: () => controller.abort() });
    if (key !== undefined) busy.add(key);
    const close = (outcome: string) => {
      if (key !== undefined) busy.delete(key);
      journal.close(call, outcome);
    };
    start(signal).then(
      () => close('succeeded'),
      (error: unknown) => close(error === signal.reason ? 'aborted' : codeOf(error)),
    );
    return call;
  };

  return {
    follow,
    ensure: (client) =>
      follow({ label: 'ensure()', verb: 'ensure', api: '' }, (signal) => client.ensure({ signal }), 'ensure'),
    isBusy: (key) => busy.has(key),
    end() {
      isEnded = true;
    },
    get isEnded() {
      return isEnded;
    },
  };
}

/** @returns The code that an error is known by: ours, or the SDK's. */
const codeOf = (error: unknown): string =>
  isStrongAuthError(error) ? error.code : isApiError(error) ? `failed ${error.code}` : String(error);
