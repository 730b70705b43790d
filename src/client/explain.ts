import type { StrongAuthStatus } from '../../machines/strong-auth/index.js';
import { type Call, replaysOf } from '../calls/call.js';
import type { CallOptions } from '../calls/call-options.js';
import { type CallName, callName } from '../messages/errors.js';
import type { StrongAuthView } from './view.js';

/** One outstanding call, without anything private. Times are epoch ms. */
export interface ExplainedCall extends CallName {
  /** The option `label` of the call. */
  readonly label?: string;
  /**
   * `inFlight`: sent and not answered. `challenged`: being judged. `waiting`: for strong
   * authentication. `deciding`: about to be sent; its turn has not come, or `replay`,
   * `prepareReplay` or `grant` has not answered.
   */
  readonly phase: 'inFlight' | 'challenged' | 'waiting' | 'deciding';
  /** When the app made the call, in epoch ms. */
  readonly madeAt: number;
  /** Replays so far. */
  readonly rounds: number;
}

/**
 * What the client waits for, since when, and until when at the latest. It holds
 * nothing private and can be logged.
 */
export interface Explanation {
  /** The top-level state of the machine. */
  readonly status: StrongAuthStatus;
  /** When the client entered that status, in epoch ms. */
  readonly since: number;
  /** What the client waits for, in words. */
  readonly waitingFor: string;
  /** Every outstanding call, in the order they were made. */
  readonly calls: readonly ExplainedCall[];
  /** How many `ensure()`s wait. */
  readonly ensures: number;
  /** The number of the PIN that was asked for or sent last in this wave, from 1. Only while a wave runs. */
  readonly attempt?: number;
  /** Epoch ms of the next timeout. Missing at rest, and where all timeouts are switched off. */
  readonly nextDeadline?: number;
  /** @returns The explanation as a few lines of text. */
  toString(): string;
}

const waitsFor: Readonly<Record<StrongAuthStatus, string>> = {
  idle: 'nothing: no call was made',
  calling: 'the transport, to answer the calls in flight',
  needStrongAuth: 'the user, to enter the PIN',
  requestingOtp: 'the transport, to answer the OTP request',
  recovering: 'the app, to cure the account or the device',
  replaying: 'the transport, to answer the calls that were sent again',
  done: 'nothing: every call has settled',
  cancelled: 'nothing: strong authentication was declined, and every call has settled',
  failed: 'nothing: strong authentication was denied, and every call has settled',
  closed: 'nothing: it was disposed of',
};

/** What `explain` needs. */
export interface ExplanationParts {
  readonly view: StrongAuthView;
  readonly calls: readonly Call[];
  readonly attempt: number;
  readonly isQueued: boolean;
  readonly deadlines: readonly (number | undefined)[];
  readonly now: number;
}

export function explain({ view, calls, attempt, isQueued, deadlines, now }: ExplanationParts): Explanation {
  const { status, since } = view;
  const due = deadlines.filter((at): at is number => Number.isFinite(at));
  const told = calls.flatMap((call) => {
    const { request, options, phase, made } = call;
    if (!request || phase === 'settled') return [];
    return [{ ...callName(request), ...labelOf(options), phase, madeAt: made.wall, rounds: replaysOf(call) }];
  });
  const isWave = status === 'needStrongAuth' || status === 'requestingOtp';
  const facts = {
    status,
    since,
    waitingFor: isQueued
      ? 'the transport, to answer an OTP request of an earlier wave first'
      : waitsFor[status],
    calls: told,
    ensures: calls.filter(({ request }) => !request).length,
    ...(isWave && { attempt }),
    ...(due.length > 0 && { nextDeadline: Math.min(...due) }),
  };
  return Object.defineProperty(facts, 'toString', { value: () => inWords(facts, now) }) as Explanation;
}

const labelOf = (options: CallOptions | undefined): { label?: string } =>
  options?.label === undefined ? {} : { label: options.label };

function inWords(facts: Omit<Explanation, 'toString'>, now: number): string {
  const ago = (at: number) => `${((now - at) / 1000).toFixed(1)} s`;
  const { status, since, waitingFor, calls, ensures, attempt, nextDeadline } = facts;
  const lines = [`${status} for ${ago(since)}, waiting for ${waitingFor}`];
  if (attempt !== undefined) lines.push(`PIN attempt ${attempt}`);
  for (const { verb, api, action, label, phase, madeAt, rounds } of calls) {
    const named = [verb, api, action && `(${action})`, label && `“${label}”`].filter(Boolean).join(' ');
    lines.push(`${named}: ${phase}, made ${ago(madeAt)} ago, replayed ${rounds} times`);
  }
  if (ensures > 0) lines.push(`ensure: ${ensures} waiting`);
  if (nextDeadline !== undefined)
    lines.push(`at the latest in ${((nextDeadline - now) / 1000).toFixed(1)} s something happens by itself`);
  return lines.join('\n');
}
