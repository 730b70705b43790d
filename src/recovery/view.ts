import type { ActorRefFrom } from 'xstate';
import {
  type AskInput,
  type RecoveryFailure,
  type RecoveryFlow,
  type RecoveryStatus,
  type recoveryMachine,
  recoveryStatusOf,
  toRecoveryView,
} from '../../machines/recovery/index.js';
import { createStore, Listeners, type ObservableStore } from '../client/store.js';
import type { Clock } from '../host/clock.js';
import type { LastSms } from './ports.js';

/** UI state. Times are epoch ms. */
export interface RecoveryView {
  /** The state of the machine, by name. */
  readonly status: RecoveryStatus;
  /** Since when it is in that state. */
  readonly since: number;
  /** The flow that runs, or ran last. */
  readonly flow?: RecoveryFlow;
  /** What the user is asked, while they are. */
  readonly question?: AskInput;
  /** While the code of an SMS is asked for: whether another SMS can be had. */
  readonly resend?: ResendView;
  /** Why the last flow ended without an enrolled device, until the next one begins. */
  readonly failure?: Pick<RecoveryFailure, 'code' | 'remedy' | 'retryAt'>;
}

/** Whether another SMS can be had. */
export interface ResendView {
  /** How many this flow may still send. */
  readonly left: number;
  /** From when on, epoch ms. */
  readonly availableAt: number;
  /** Whether one is on its way to be sent. */
  readonly isSending: boolean;
}

/** Makes the view of the running machine; a new object only when something changed. */
export function createRecoveryView(
  actor: ActorRefFrom<typeof recoveryMachine>,
  clock: Pick<Clock, 'now'>,
  lastSms: LastSms,
  resendAfterMs: number,
): ObservableStore<RecoveryView> {
  const listeners = new Listeners<RecoveryView>();
  let status = recoveryStatusOf(actor.getSnapshot());
  let since = clock.now();
  let view = compose();

  function compose(): RecoveryView {
    const snapshot = actor.getSnapshot();
    const { context } = snapshot;
    const { flow, question, failure } = toRecoveryView(snapshot);
    const { policy, sms, smsRetryAt = 0 } = context;
    const resend: ResendView | undefined =
      question?.kind === 'smsCode'
        ? {
            left: policy.maxSms - sms,
            availableAt: Math.max(lastSms.moment.wall + resendAfterMs, smsRetryAt),
            isSending: snapshot.matches({ running: { awaitingCode: 'resending' } }),
          }
        : undefined;
    return Object.freeze({
      status,
      since,
      ...(flow && { flow }),
      ...(question && { question: Object.freeze(question) }),
      ...(resend && { resend: Object.freeze(resend) }),
      ...(failure && { failure: publicFailure(failure) }),
    });
  }

  const refresh = (): RecoveryView => {
    const next = recoveryStatusOf(actor.getSnapshot());
    if (next !== status) {
      status = next;
      since = clock.now();
    }
    const latest = compose();
    if (!isSame(view, latest)) view = latest;
    return view;
  };
  const announce = () => {
    const before = view;
    if (refresh() !== before) listeners.notify(view);
  };
  actor.subscribe({ next: announce, complete: announce, error: announce });

  return createStore({ getSnapshot: refresh, subscribe: (listener) => listeners.add(listener) });
}

function isSame(a: RecoveryView, b: RecoveryView): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const publicFailure = ({ code, remedy, retryAt }: RecoveryFailure): NonNullable<RecoveryView['failure']> =>
  Object.freeze({ code, remedy, ...(retryAt !== undefined && { retryAt }) });
