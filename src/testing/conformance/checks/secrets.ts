import type { ScriptedCheck } from '../check.js';
import { demand } from '../finding.js';
import {
  COMMAND_API,
  EVENT_API,
  event,
  failed,
  OTP,
  OTP_REQUEST,
  PIN_AS_NUMBER,
  type Sent,
  type Stage,
  succeeded,
} from '../stage.js';
import { show, whereIs } from '../values.js';

const { verb, api, parameters } = OTP_REQUEST;

/** Ways in which an OTP request may end. */
const ANSWERS = [succeeded({ otp: OTP }), failed(2308), failed('2102', 'Invalid pinCode parameter'), 'OK'];

/** What the bridge does with the PIN and the OTP. */
export const secretChecks: readonly ScriptedCheck[] = [
  {
    id: 'console',
    title: 'Neither the PIN nor the OTP is printed',
    async run(stage) {
      await requestOtps(stage);
      for (const [name, secret] of [
        ['PIN', PIN_AS_NUMBER],
        ['OTP', OTP],
      ] as const) {
        const line = stage.host.lines.find((line) => whereIs(secret, line) !== undefined);
        demand(
          line === undefined,
          `The ${name} was printed to the console: ${show(line)}.`,
          'Print neither requests nor answers: at most verb, API and status. Logs are kept, sent and read.',
        );
      }
    },
  },
  {
    id: 'errors',
    title: 'No error of the transport carries the PIN, in its causes neither',
    async run(stage) {
      for (const { outcome } of await requestOtps(stage)) {
        if (outcome.state !== 'rejected') continue;
        const place = whereIs(PIN_AS_NUMBER, outcome.value);
        demand(
          place === undefined,
          `An OTP request was rejected with an error that holds the PIN${place ? `, in its ${place}` : ''}.`,
          'Put no request, no parameters and no text of them into an error or its causes: errors end in crash reports.',
        );
      }
    },
  },
];

/** Sends one OTP request for each way to end. */
async function requestOtps(stage: Stage) {
  const sent: Sent[] = [];
  for (const answer of ANSWERS) {
    const request = await stage.sent(verb, api, parameters);
    request.call.answer(answer);
    sent.push(request);
  }
  stage.native.onCall = () => {
    throw new Error('The SDK threw');
  };
  sent.push(stage.send(verb, api, parameters));
  await stage.pause();
  return sent;
}

/** What the checks have left behind. */
export const tidinessCheck: ScriptedCheck = {
  id: 'unhandled',
  title: 'No rejection is left unhandled, and nothing is thrown at the SDK',
  async run(stage) {
    for (const answer of [failed(2000), succeeded({})]) {
      const { call } = await stage.sent('get', COMMAND_API, {});
      call.answer(answer);
      const aborted = await stage.sent('get', COMMAND_API, {});
      aborted.abort();
      await stage.pause();
      aborted.call.answer(answer);
    }
    if (stage.transport.subscribe) {
      const { call } = await stage.listened();
      call.answer(failed(2000));
      await stage.pause();
      call.answer(event({}));
    }
    stage.native.onCall = () => {
      throw new Error('The SDK threw');
    };
    stage.send('set', COMMAND_API, {});
    if (stage.transport.subscribe) stage.listen(EVENT_API, {});
    await stage.pause();
    const [thrown] = stage.native.thrownBack;
    demand(
      stage.native.thrownBack.length === 0,
      `The bridge threw ${show(thrown)} when the SDK called back.`,
      'Let a callback that you give to the SDK never throw: on some platforms that ends the app.',
    );
    const [reason] = stage.host.unhandled;
    demand(
      stage.host.unhandled.length === 0,
      `A rejection was left unhandled: ${show(reason)}.`,
      'Return each promise to the caller, or catch it: promise.finally(…) and async callbacks make promises of their own.',
    );
  },
};
