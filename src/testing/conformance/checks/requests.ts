import type { ApiParameters } from '../../../messages/message.js';
import type { ScriptedCheck } from '../check.js';
import { demand } from '../finding.js';
import { tell } from '../outcome.js';
import {
  CHALLENGE,
  COMMAND_API,
  failed,
  OTP_API,
  OTP_REQUEST,
  PIN,
  type Stage,
  succeeded,
} from '../stage.js';
import { isSame, show } from '../values.js';

/** Everything that JSON can carry and that a bridge may lose. Made anew for each use. */
const awkward = (): ApiParameters => ({
  action: 'withPIN',
  pinCode: PIN,
  zero: 0,
  negative: -1.5,
  no: false,
  nothing: null,
  empty: '',
  words: 'é 中 🚗 "quoted" \\ & = %20',
  number: '12',
  flag: 'true',
  list: [],
  programs: [{ hour: 7, occurrence: ['mon', 'tue'], isEnabled: true }, [1, [2, []]]],
  nested: { deep: { deeper: { deepest: [null, { a: 1 }] } } },
});

/** What the bridge does with a request, before any answer. */
export const requestChecks: readonly ScriptedCheck[] = [
  {
    id: 'verbs',
    title: 'get, set and unsubscribe reach the SDK under their own name, each with a callback',
    async run(stage) {
      for (const verb of ['get', 'set', 'unsubscribe'] as const) {
        const api = `pims.vehicle.${verb}`;
        const sent = await stage.sent(verb, api, {});
        const { call } = sent;
        demand(
          call.verb === verb && call.api === api,
          `${verb} ${api} reached the SDK as ${call.verb} ${call.api}.`,
          'Call the SDK under the name in request.verb, with the name in request.api.',
        );
        demand(
          call.hasCallback,
          `The SDK was called without a callback for ${verb}.`,
          'The SDK takes (api, parameters, callback), in that order, for unsubscribe too.',
        );
        call.answer(succeeded({}));
        await stage.settled(sent, `The SDK answered ${verb}`, 'Settle the promise when the SDK calls back.');
      }
    },
  },
  {
    id: 'parameters',
    title: 'Parameters reach the SDK as the app gave them: a PIN stays a string with its leading zero',
    async run(stage) {
      const { parameters } = await reach(stage, awkward());
      const { pinCode } = (parameters ?? {}) as ApiParameters;
      demand(
        pinCode === PIN,
        `The PIN ${show(PIN)} reached the SDK as ${show(pinCode)}.`,
        'Send parameters as JSON, or as the platform’s own objects; convert nothing on the way: a PIN is a string, and its leading zero counts.',
      );
      for (const [name, value] of Object.entries(awkward())) {
        const arrived = (parameters as ApiParameters)[name];
        demand(
          isSame(arrived, value),
          `The parameter ${name} was ${show(value)}, and reached the SDK as ${show(arrived)}.`,
          'Send parameters as JSON, or as the platform’s own objects; convert, drop and flatten nothing.',
        );
      }
      demand(
        isSame(parameters, awkward()),
        `The SDK got parameters that nobody gave: ${show(Object.keys(parameters as object).filter((name) => !(name in awkward())))}.`,
        'Keep what the bridge needs itself (ids, tokens) beside the parameters, not among them.',
      );
      const none = await reach(stage, undefined);
      demand(
        none.parameters === undefined || none.parameters === null || isSame(none.parameters, {}),
        `A call without parameters reached the SDK with ${show(none.parameters)}.`,
        'Pass none, or an empty object.',
      );
    },
  },
  {
    id: 'hostile-parameters',
    title: 'A parameter called __proto__ is a parameter like any other',
    async run(stage) {
      const { parameters } = await reach(
        stage,
        JSON.parse('{"action":"horn","__proto__":{"doorState":"unlock"}}'),
      );
      const { doorState } = (parameters ?? {}) as ApiParameters;
      demand(
        doorState === undefined && !('doorState' in {}),
        `A parameter called __proto__ gave the SDK a doorState that nobody set: ${show(doorState)}.`,
        'Copy parameters with a spread or JSON, never key by key (copy[name] = value, Object.assign): that sets the prototype.',
      );
    },
  },
  {
    id: 'parameters-kept',
    title: 'The app’s own parameters are not changed',
    async run(stage) {
      const given = awkward();
      await reach(stage, given);
      demand(
        isSame(given, awkward()),
        `The app’s parameters were changed to ${show(given)}.`,
        'Work on a copy: the app may send the same object again, and a replay does.',
      );
    },
  },
  {
    id: 'order',
    title: 'Calls reach the SDK in the order in which they were made',
    needs: ['parameters'],
    async run(stage) {
      const wanted = [1, 2, 3, 4, 5, 6];
      for (const call of wanted) stage.send(call % 2 ? 'set' : 'get', COMMAND_API, { call });
      await stage.arrival(wanted.length, 'One of six calls');
      const arrived = stage.native.calls.map(({ parameters }) => (parameters as ApiParameters)?.call);
      demand(
        isSame(arrived, wanted),
        `Calls 1 to 6 reached the SDK as ${show(arrived)}.`,
        'Keep the order: unlock after lock is not lock after unlock.',
      );
      for (const call of stage.native.calls) call.answer(succeeded({}));
    },
  },
  {
    id: 'once',
    title: 'Each call is executed once, whatever the answer: the bridge tries nothing again',
    async run(stage) {
      const answers = [
        succeeded({}),
        failed(2000),
        failed(2201, 'Timeout'),
        failed(2202),
        failed(2204),
        CHALLENGE,
        failed(2308),
        undefined,
      ];
      for (const answer of answers) {
        const before = stage.native.calls.length;
        const { call } = await stage.sent('set', COMMAND_API, { action: 'doors', doorState: 'unlock' });
        if (answer) call.answer(answer);
        await stage.pause();
        const times = stage.native.calls.length - before;
        demand(
          times === 1,
          `One command reached the SDK ${times} times after ${answer ? `the answer ${show(answer)}` : 'no answer at all'}.`,
          'Never send a call again by yourself: a door may have opened, and an OTP request spends one of few tries. Whether to retry is decided above the bridge.',
        );
      }
    },
  },
];

/** Sends parameters. @returns The call as it reached the SDK, answered. */
async function reach(stage: Stage, parameters: ApiParameters | undefined) {
  const api = parameters?.pinCode === PIN ? OTP_API : COMMAND_API;
  const sent = await stage.sent(OTP_REQUEST.verb, api, parameters);
  sent.call.answer(succeeded({}));
  const outcome = await stage.settled(
    sent,
    'The SDK answered',
    'Settle the promise when the SDK calls back.',
  );
  demand(
    outcome.state === 'resolved',
    `The SDK answered SUCCEEDED, but ${tell(outcome)}.`,
    'Resolve with the message of the SDK.',
  );
  return sent.call;
}
