import type { QuestionKind } from '../../machines/recovery/index.js';

/** What the user has entered, by what it is. */
export type SecretKind = Exclude<QuestionKind, 'confirmRemoval'>;

/**
 * The only place where PINs, codes and phone numbers rest: from their entry to the end of the flow, or to the next entry of their
 * kind. Nothing here is reachable from an event, a snapshot or an error.
 */
export interface RecoveryVault {
  /** Keeps `secret` until it is forgotten. */
  deposit(kind: SecretKind, secret: string): void;
  /** @returns What was entered last; `undefined` if nothing is kept. */
  take(kind: SecretKind): string | undefined;
  /** @returns Whether `code` would give one of them away: a back end may echo what it was sent. */
  isEchoedBy(code: number): boolean;
  /** Drops one of them. */
  forget(kind: SecretKind): void;
  /** Drops all of them. */
  forgetAll(): void;
}

export function createRecoveryVault(): RecoveryVault {
  const kept = new Map<SecretKind, string>();
  return {
    deposit: (kind, secret) => void kept.set(kind, secret),
    take: (kind) => kept.get(kind),
    isEchoedBy: (code) => [...kept.values()].some((secret) => Number(secret) === code),
    forget: (kind) => void kept.delete(kind),
    forgetAll: () => kept.clear(),
  };
}
