import type { ApiParameters } from '../../../messages/message.js';
import type { LiveCheck } from '../check.js';
import { demand } from '../finding.js';
import { howToFail, messageOf, type Outcome, tellAnswer } from '../outcome.js';
import type { LiveStage } from '../stage.js';
import { isSame, show } from '../values.js';

/** A call that changes nothing. */
export interface HarmlessCall {
  /** The name of the API. */
  readonly api: string;
  /** The parameters of the call, if it takes any. */
  readonly parameters?: ApiParameters;
}

/** What the live checks may call. */
export interface HarmlessCalls {
  readonly reads: readonly [HarmlessCall, HarmlessCall];
  readonly subscription: HarmlessCall | false;
}

const UNKNOWN_API = 'pims.conformance.unknown';
const SETTLE = 'Settle the promise when the SDK calls back.';
const MANY = 10;

/** @returns The checks that need only calls that change nothing. */
export function liveChecks({ reads, subscription }: HarmlessCalls): LiveCheck[] {
  const [one, other] = reads;
  return [
    {
      id: 'read',
      title: 'A read is answered with a message',
      async run(stage) {
        for (const read of reads) {
          const outcome = await answered(stage, read);
          const message = messageOf(outcome);
          demand(message !== undefined, `get ${read.api}: ${tellAnswer(outcome)}.`, howToFail(outcome));
          demand(
            message.status === 'SUCCEEDED',
            `get ${read.api} was answered with ${show(message)}.`,
            'Give the suite two reads that succeed on this device, in the option reads: the other checks stand on them.',
          );
        }
      },
    },
    {
      id: 'failure',
      title: 'An API that does not exist fails with a code of the SDK',
      async run(stage) {
        const outcome = await answered(stage, { api: UNKNOWN_API });
        const message = messageOf(outcome);
        demand(
          message?.status === 'FAILED' && typeof message.error.code === 'number',
          `get ${UNKNOWN_API}: ${tellAnswer(outcome)}.`,
          howToFail(outcome),
        );
      },
    },
    {
      id: 'many',
      title: 'Ten reads at once are answered, each with its own answer',
      async run(stage) {
        const keysOf = (outcome: Outcome) => {
          const { result } = (messageOf(outcome) ?? {}) as { result?: unknown };
          return Object.keys((result as object | undefined) ?? {}).sort();
        };
        const expected = [keysOf(await answered(stage, one)), keysOf(await answered(stage, other))];
        demand(
          !isSame(expected[0], expected[1]),
          `The results of ${one.api} and ${other.api} have the same fields, ${show(expected[0])}: nothing would be told apart.`,
          'Give the suite two reads whose results differ, in the option reads.',
        );
        const sent = Array.from({ length: MANY }, (_, index) => send(stage, index % 2 ? other : one));
        await stage.until(() => sent.every(({ outcome }) => outcome.state !== 'pending'));
        for (const [index, { outcome }] of sent.entries()) {
          demand(
            isSame(keysOf(outcome), expected[index % 2]),
            `Of ten reads at once number ${index + 1} (${(index % 2 ? other : one).api}): ${tellAnswer(outcome)}.`,
            'Give each call an id of its own, and settle by that id.',
          );
        }
      },
    },
    {
      id: 'abort',
      title: 'A read that is aborted takes no other with it',
      async run(stage) {
        const aborted = send(stage, one);
        const sent = [send(stage, other), send(stage, one)];
        aborted.abort();
        for (const { outcome } of sent) {
          await stage.settled({ outcome }, 'One of three reads was aborted', SETTLE);
          demand(
            messageOf(outcome) !== undefined,
            `One of three reads was aborted; of another ${tellAnswer(outcome)}.`,
            'The signal belongs to one call: end nothing else by it.',
          );
        }
      },
    },
    {
      id: 'parameters-kept',
      title: 'The app’s own parameters are not changed',
      async run(stage) {
        const given = { ...one.parameters, list: [1, { a: '007' }] };
        const before = JSON.stringify(given);
        await stage.settled(stage.send('get', UNKNOWN_API, given), `get ${UNKNOWN_API} was sent`, SETTLE);
        demand(
          JSON.stringify(given) === before,
          `The app’s parameters were changed to ${show(given)}.`,
          'Work on a copy.',
        );
      },
    },
    ...(subscription ? [subscriptionCheck(subscription)] : []),
    {
      id: 'unhandled',
      title: 'No rejection is left unhandled',
      async run(stage) {
        for (const call of [one, { api: UNKNOWN_API }]) {
          const sent = send(stage, call);
          sent.abort();
          await stage.until(() => sent.outcome.state !== 'pending');
        }
        await stage.pause();
        const [reason] = stage.host.unhandled;
        demand(
          stage.host.unhandled.length === 0,
          `A rejection was left unhandled: ${show(reason)}.`,
          'Return each promise to the caller, or catch it.',
        );
      },
    },
  ];
}

function subscriptionCheck({ api, parameters }: HarmlessCall): LiveCheck {
  return {
    id: 'subscribe',
    title: 'A subscription is acknowledged, ended, and can be made again',
    async run(stage) {
      demand(
        typeof stage.transport.subscribe === 'function',
        'The transport has no subscribe().',
        'Add subscribe(request, onMessage, options), or say subscription: false to the suite.',
      );
      for (const time of ['first', 'second']) {
        const listened = stage.listen(api, parameters);
        const acknowledgement = () =>
          listened.read().find((message) => message && message.status !== 'RESULT');
        await stage.until(() => acknowledgement() !== undefined || listened.outcome.state === 'rejected');
        const message = acknowledgement() ?? messageOf(listened.outcome);
        demand(
          message?.status === 'SUCCEEDED',
          `subscribe ${api}, for the ${time} time: ${message ? show(message) : tellAnswer(listened.outcome)}.`,
          time === 'first' && message
            ? 'Give the suite a subscription that the SDK accepts here, in the option subscription, or false.'
            : 'Give onMessage every message of the subscription, and pass unsubscribe on to the SDK.',
        );
        const ended = await stage.settled(
          stage.send('unsubscribe', api),
          `unsubscribe ${api} was sent`,
          SETTLE,
        );
        demand(
          messageOf(ended)?.status === 'SUCCEEDED',
          `unsubscribe ${api}: ${tellAnswer(ended)}.`,
          'Call sdk.unsubscribe(api, parameters, callback) for the verb unsubscribe, which comes through send().',
        );
      }
    },
  };
}

const send = (stage: LiveStage, { api, parameters }: HarmlessCall) => stage.send('get', api, parameters);

const answered = (stage: LiveStage, call: HarmlessCall): Promise<Outcome> =>
  stage.settled(send(stage, call), `get ${call.api} was sent`, SETTLE);
