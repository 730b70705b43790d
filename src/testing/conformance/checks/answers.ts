import type { ScriptedCheck } from '../check.js';
import { demand } from '../finding.js';
import { howToFail, messageOf, observe, tellAnswer } from '../outcome.js';
import { COMMAND_API, event, failed, type Stage, succeeded } from '../stage.js';
import { isSame, show } from '../values.js';

const INFORMATIONS = 'pims.vehicle.informations';
const CALL_BACK = 'Settle the promise when the SDK calls back, whatever it says.';

const RICH_RESULT = {
  vehicle: {
    ressources: { status: { level: '68', zero: 0, none: null, open: false, list: [{ a: 1 }, [], ''] } },
  },
  text: 'é 中 🚗 "quoted" \\ & =',
  phone: '0033600000000',
};

/** What the bridge does with an answer. */
export const answerChecks: readonly ScriptedCheck[] = [
  {
    id: 'succeeded',
    title: 'A SUCCEEDED message arrives as the SDK sent it',
    async run(stage) {
      for (const result of [RICH_RESULT, {}, null]) {
        const message = { transactionId: '953cfefb-bc72', status: 'SUCCEEDED', result };
        const outcome = await stage.exchange('get', INFORMATIONS, { action: 'get' }, message);
        demand(
          outcome.state === 'resolved' && isSame(outcome.value, message),
          `The SDK answered ${show(message)}; ${tellAnswer(outcome)}.`,
          'Resolve with the whole message, { transactionId, status, result }: not with its result alone, not with its text, and with nothing converted.',
        );
      }
    },
  },
  {
    id: 'succeeded-without-result',
    title: 'SUCCEEDED without a result is a success',
    needs: ['succeeded'],
    async run(stage) {
      const message = succeeded();
      const outcome = await stage.exchange('set', COMMAND_API, { action: 'horn' }, message);
      demand(
        outcome.state === 'resolved' && isSame(outcome.value, message),
        `The SDK answered ${show(message)}; ${tellAnswer(outcome)}.`,
        'A set may succeed without a result: look at status, never at whether there is a result, and invent none.',
      );
    },
  },
  {
    id: 'failed',
    title: 'A FAILED message arrives with its code and label, resolved or thrown',
    needs: ['verbs'],
    async run(stage) {
      for (const verb of ['get', 'set', 'unsubscribe'] as const) {
        const message = failed(2361, 'All doors are already locked');
        const outcome = await stage.exchange(verb, COMMAND_API, {}, message);
        const read = messageOf(outcome);
        demand(
          read?.status === 'FAILED' && read.error.code === 2361,
          `The SDK answered ${verb} with ${show(message)}; ${tellAnswer(outcome)}.`,
          howToFail(outcome),
        );
        demand(
          read.error.label === message.error.label,
          `The label ${show(message.error.label)} arrived as ${show(read.error.label)}.`,
          'Keep error.label beside error.code: it is what a developer reads in the log.',
        );
      }
    },
  },
  {
    id: 'string-code',
    title: 'A code that the SDK prints as a string is read as that number',
    needs: ['failed'],
    async run(stage) {
      const outcome = await stage.exchange('get', INFORMATIONS, {}, failed('2000', 'Unknown error'));
      const read = messageOf(outcome);
      demand(
        read?.status === 'FAILED' && read.error.code === 2000,
        `The SDK answered with the code "2000"; ${tellAnswer(outcome)}.`,
        outcome.state === 'resolved' && read?.status === 'FAILED'
          ? 'Pass error.code on as it is, a number or a numeric string.'
          : howToFail(outcome),
      );
    },
  },
  {
    id: 'unknown-code',
    title: 'A code that no catalogue knows passes unchanged',
    needs: ['string-code'],
    async run(stage) {
      for (const code of [4711, 5, 'E_CAR']) {
        const outcome = await stage.exchange('get', INFORMATIONS, {}, failed(code));
        const read = messageOf(outcome);
        demand(
          read?.status === 'FAILED' && read.error.code === code,
          `The SDK answered with the code ${show(code)}; ${tellAnswer(outcome)}.`,
          read?.status === 'FAILED'
            ? 'Translate no codes: the catalogue has gaps, and what it does not know must be seen.'
            : howToFail(outcome),
        );
      }
    },
  },
  {
    id: 'nonsense',
    title: 'An answer that is no message ends its call, and not as a success',
    async run(stage) {
      for (const nonsense of [
        undefined,
        null,
        'OK',
        42,
        [],
        {},
        { status: 'PENDING' },
        { status: 'FAILED' },
      ]) {
        const outcome = await stage.exchange('get', INFORMATIONS, {}, nonsense);
        const [thrown] = stage.native.thrownBack.splice(0);
        demand(
          outcome.state !== 'pending',
          `The SDK called back with ${show(nonsense)}, and no answer came${thrown ? `: the callback threw ${show(thrown)}` : ''}.`,
          'Pass on whatever the SDK says without looking into it: the package knows nonsense when it sees it.',
        );
        demand(
          messageOf(outcome)?.status !== 'SUCCEEDED',
          `The SDK called back with ${show(nonsense)}, and it was made a success.`,
          'Call nothing a success that does not say SUCCEEDED.',
        );
      }
    },
  },
  {
    id: 'immediate-answer',
    title: 'An answer that comes before the SDK’s function has returned counts',
    needs: ['succeeded'],
    async run(stage) {
      stage.native.onCall = (call) => call.answer(succeeded({ at: 'once' }));
      const sent = stage.send('get', INFORMATIONS, {});
      const outcome = await stage.settled(
        sent,
        'The SDK called back before its function returned',
        'Be ready for the answer before you call the SDK: register the callback or id first.',
      );
      demand(
        isSame(messageOf(outcome), succeeded({ at: 'once' })),
        `The SDK called back before its function returned; ${tellAnswer(outcome)}.`,
        'Be ready for the answer before you call the SDK: register the callback or id first.',
      );
    },
  },
  {
    id: 'first-answer',
    title: 'The first callback counts, a second changes nothing',
    needs: ['succeeded'],
    async run(stage) {
      for (const second of [succeeded({ call: 'second' }), failed(2000), event({})]) {
        const sent = await stage.sent('get', INFORMATIONS, {});
        const { call } = sent;
        call.answer(succeeded({ call: 'first' }));
        call.answer(second);
        const outcome = await stage.settled(sent, 'The SDK called back twice', CALL_BACK);
        await stage.pause();
        call.answer(second);
        await stage.pause();
        const [thrown] = stage.native.thrownBack.splice(0);
        demand(
          thrown === undefined,
          `The second callback threw ${show(thrown)} at the SDK.`,
          'Ignore a second callback. On some platforms answering one call twice ends the app.',
        );
        demand(
          isSame(messageOf(outcome), succeeded({ call: 'first' })),
          `The SDK called back with { call: 'first' }, then with ${show(second)}; ${tellAnswer(outcome)}.`,
          'Take the first answer to get, set and unsubscribe, and ignore later ones.',
        );
      }
    },
  },
  {
    id: 'throw',
    title: 'An SDK that throws ends the call, as a failure',
    async run(stage) {
      stage.native.onCall = () => {
        throw new Error('The SDK threw');
      };
      for (const verb of ['get', 'set', 'unsubscribe'] as const) {
        const sent = stage.send(verb, COMMAND_API, {});
        const outcome = await stage.settled(
          sent,
          `The SDK threw on ${verb}`,
          'Catch what the SDK throws, and reject the promise with it.',
        );
        const read = messageOf(outcome);
        demand(
          outcome.state === 'rejected' || read?.status === 'FAILED',
          `The SDK threw on ${verb}, and ${tellAnswer(outcome)}.`,
          'Reject: a call that never left must not look like one that was answered.',
        );
        demand(
          read?.status !== 'FAILED' || read.error.code !== 2302,
          'The SDK threw, and 2302 was made of it.',
          'Reject with the error itself: 2302 asks the user for the PIN.',
        );
      }
    },
  },
  {
    id: 'concurrent',
    title: 'Answers that come out of order reach the calls they belong to',
    needs: ['succeeded', 'order'],
    async run(stage) {
      const requests = [
        ['get', INFORMATIONS, { action: 'get' }],
        ['get', INFORMATIONS, { action: 'get' }],
        ['get', INFORMATIONS, { action: 'refresh' }],
        ['set', INFORMATIONS, { action: 'get' }],
        ['set', COMMAND_API, { action: 'doors', doorState: 'lock' }],
        ['get', 'pims.sdk.version', {}],
      ] as const;
      const sent = requests.map(([verb, api, parameters]) => stage.send(verb, api, parameters));
      await stage.arrival(requests.length, 'One of six calls at once');
      for (const index of [3, 5, 1, 0, 4, 2]) {
        stage.native.calls[index]?.answer(succeeded({ answer: index }));
      }
      await stage.until(() => sent.every(({ outcome }) => outcome.state !== 'pending'));
      for (const [index, { outcome }] of sent.entries()) {
        demand(
          isSame(messageOf(outcome), succeeded({ answer: index })),
          `Six calls were answered out of order; of call ${index + 1} (${requests[index]?.slice(0, 2).join(' ')}) ${tellAnswer(outcome)}.`,
          'Give each call an id of its own, and settle by that id: never by the name of the API, by its parameters, or by the order of answers.',
        );
      }
    },
  },
];

/** What the bridge does with `initialize` and `release`. */
export const lifecycleChecks: readonly ScriptedCheck[] = [
  {
    id: 'initialize',
    title: 'initialize and release reach the SDK, and their answers come back',
    of: 'lifecycle',
    async run(stage) {
      const parameters = { environnement: 'Preproduction', mode: 'B2C', profile: { brand: 'Peugeot' } };
      await lifecycle(stage, 'initialize', parameters, succeeded());
      await lifecycle(stage, 'initialize', parameters, failed(2007, 'Facade already initialized'));
      await lifecycle(stage, 'release', undefined, succeeded());
    },
  },
];

async function lifecycle(
  stage: Stage,
  name: 'initialize' | 'release',
  parameters: unknown,
  message: ReturnType<typeof succeeded> | ReturnType<typeof failed>,
): Promise<void> {
  const { lifecycle } = stage.transport;
  demand(
    typeof lifecycle === 'function',
    'The transport has no lifecycle().',
    `Add lifecycle(call, parameters), or say lifecycle: false to the suite.`,
  );
  const count = stage.native.calls.length + 1;
  const outcome = observe(() => lifecycle.call(stage.transport, name, parameters));
  const call = await stage.arrival(count, name, outcome);
  demand(
    call.verb === name && (name === 'release' || isSame(call.parameters, parameters)),
    `${name} reached the SDK as ${call.verb} with ${show(call.parameters)}.`,
    'Call sdk.initialize(parameters, callback), and sdk.release(callback).',
  );
  call.answer(message);
  await stage.settled({ outcome }, `The SDK answered ${name}`, CALL_BACK);
  const read = messageOf(outcome);
  demand(
    message.status === 'SUCCEEDED'
      ? read?.status === 'SUCCEEDED'
      : read?.status === 'FAILED' && read.error.code === 2007,
    `The SDK answered ${name} with ${show(message)}; ${tellAnswer(outcome)}.`,
    message.status === 'FAILED' ? howToFail(outcome) : 'Resolve with the message of the SDK.',
  );
}
