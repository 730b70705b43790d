import type { RecoveryFlow, RecoveryStatus } from '../../machines/recovery/index.js';
import type { RecoveryView } from './view.js';

/** What the flow waits for, since when, and until when at most. It holds nothing private and can be logged. */
export interface RecoveryExplanation {
  /** The state of the machine, by name. */
  readonly status: RecoveryStatus;
  /** Since when it is in that state, epoch ms. */
  readonly since: number;
  /** What it waits for, in words. */
  readonly waitingFor: string;
  /** The flow that runs, or ran last. */
  readonly flow?: RecoveryFlow;
  /** How many callers wait for it. */
  readonly callers: number;
  /** SMS that this flow has sent. */
  readonly sms: number;
  /** When at the latest something happens by itself, epoch ms; missing at rest. */
  readonly nextDeadline?: number;
  /** All of it in a few lines. */
  toString(): string;
}

/** What the explanation is made of. */
export interface RecoveryExplanationParts {
  readonly view: RecoveryView;
  readonly isResting: boolean;
  readonly callers: number;
  readonly sms: number;
  readonly deadline: number | undefined;
  readonly now: number;
}

export function explainRecovery({
  view,
  isResting,
  callers,
  sms,
  deadline,
  now,
}: RecoveryExplanationParts): RecoveryExplanation {
  const { status, since, flow, question } = view;
  const waitingFor = isResting
    ? 'nothing: no flow runs'
    : question
      ? `the user, to answer ${question.kind}`
      : 'the transport, to answer a request';
  const facts = {
    ...{ status, since, waitingFor, callers, sms },
    ...(flow && { flow }),
    ...(deadline !== undefined && { nextDeadline: deadline }),
  };
  const inSeconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const inWords = () =>
    [
      `${flow ? `${flow}: ` : ''}${status} for ${inSeconds(now - since)}, waiting for ${waitingFor}`,
      `${callers} waiting callers, ${sms} SMS sent`,
      ...(deadline === undefined ? [] : [`at the latest in ${inSeconds(deadline - now)} it ends`]),
    ].join('\n');
  return Object.defineProperty(facts, 'toString', { value: inWords }) as RecoveryExplanation;
}
