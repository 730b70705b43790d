import { createSimulator } from '../../../simulator/simulator.js';
import type { ScriptedCheck } from '../check.js';
import { demand } from '../finding.js';
import { observe, tell } from '../outcome.js';
import { CHALLENGE, COMMAND_API, EVENT_API, event, failed, OTP, OTP_API, PIN, succeeded } from '../stage.js';
import { isSame, show } from '../values.js';

const DOORS = { action: 'doors', doorState: 'lock' } as const;

/** The package's own lifecycle through the bridge. */
export const wholeChecks: readonly ScriptedCheck[] = [
  {
    id: 'challenge',
    title: 'A challenged call asks for the PIN, requests the OTP, goes again and is answered',
    needs: ['parameters', 'succeeded', 'string-code'],
    async run(stage) {
      for (const code of [2302, '2302']) {
        const client = stage.client();
        const before = stage.native.calls.length;
        const outcome = observe(() => client.strongAuth.set(COMMAND_API, DOORS));
        (await stage.arrival(before + 1, 'The command', outcome)).answer(
          failed(code, 'Need Strong Authentication'),
        );
        const isAsked = await stage.until(() => client.prompts > 0 || outcome.state !== 'pending');
        demand(
          isAsked && client.prompts === 1,
          `The SDK answered ${show(code)}, strong authentication needed, and the user was not asked for the PIN: of the call ${tell(outcome)}.`,
          'Resolve with the whole message, or reject with { error: { code, label } }.',
        );
        const otp = await stage.arrival(before + 2, 'The OTP request', outcome);
        demand(
          otp.verb === 'get' &&
            otp.api === OTP_API &&
            isSame(otp.parameters, { action: 'withPIN', pinCode: PIN }),
          `The OTP request reached the SDK as ${otp.verb} ${otp.api} ${show(otp.parameters)}.`,
          'Pass the request on unchanged.',
        );
        otp.answer(succeeded({ otp: OTP }));
        const replay = await stage.arrival(before + 3, 'The replay of the command', outcome);
        demand(
          replay.verb === 'set' && isSame(replay.parameters, DOORS),
          `The replay reached the SDK as ${replay.verb} ${replay.api} ${show(replay.parameters)}.`,
          'Pass the request on unchanged.',
        );
        replay.answer(succeeded({ done: true }));
        await stage.until(() => outcome.state !== 'pending');
        demand(
          outcome.state === 'resolved' && isSame(outcome.value, { done: true }),
          `The replay was answered with { done: true }; ${tell(outcome)}.`,
          'Resolve with the message of the SDK.',
        );
      }
    },
  },
  {
    id: 'challenged-subscribe',
    title: 'A challenged subscription is made again, and its events arrive once',
    needs: ['challenge', 'subscribe-failed', 'resubscribe'],
    of: 'subscriptions',
    async run(stage) {
      const client = stage.client();
      const heard: unknown[] = [];
      const outcome = observe(() =>
        client.strongAuth.subscribe(
          EVENT_API,
          { actionType: 'remote', type: ['remoteChargeFinished'] },
          ({ result }) => void heard.push(result),
        ),
      );
      (await stage.arrival(1, 'The subscription', outcome)).answer(CHALLENGE);
      (await stage.arrival(2, 'The OTP request', outcome)).answer(succeeded({ otp: OTP }));
      const again = await stage.arrival(3, 'The second subscription', outcome);
      demand(
        again.verb === 'subscribe' && again.api === EVENT_API,
        `After the OTP the SDK got ${again.verb} ${again.api} instead of the subscription.`,
        'Pass each subscribe on to the SDK, also when the one before it was refused.',
      );
      again.answer(succeeded());
      again.answer(event({ count: 1 }));
      await stage.until(() => heard.length > 0 && outcome.state !== 'pending');
      await stage.pause();
      demand(
        outcome.state === 'resolved' && isSame(heard, [{ count: 1 }]),
        `After a challenge the subscription was made again and brought one event; the app heard ${show(heard)}, and of the subscription ${tell(outcome)}.`,
        'Forget a registration that the SDK refused: its listener must not stay.',
      );
    },
  },
  {
    id: 'simulator',
    title: 'The simulated SDK behind the bridge: wrong PIN, stale cache, then every call executed once',
    needs: ['challenge', 'succeeded-without-result', 'concurrent'],
    async run(stage) {
      const simulator = createSimulator({
        pin: PIN,
        device: { refuses: 2312, until: 'reset' },
        codes: 'string',
      });
      stage.native.onCall = ({ verb, api, parameters, answer }) => {
        if (verb !== 'initialize' && verb !== 'release') simulator[verb](api, parameters as never, answer);
      };
      const { strongAuth } = stage.client(['0000', PIN]);
      const outcomes = [
        observe(() => strongAuth.set(COMMAND_API, DOORS)),
        observe(() => strongAuth.get('pims.vehicle.informations', { action: 'refresh' })),
        observe(() => strongAuth.set(COMMAND_API, { action: 'horn' })),
      ];
      await stage.until(() => outcomes.every(({ state }) => state !== 'pending'));
      for (const [index, outcome] of outcomes.entries()) {
        demand(
          outcome.state === 'resolved',
          `Three calls met the simulated SDK, and of call ${index + 1} ${tell(outcome)}. It saw: ${simulator.effects.requests.map(({ api, outcome }) => `${api} ${outcome}`).join(', ')}.`,
          'Heal what the other checks say first.',
        );
      }
      const { car, effects } = simulator;
      const seen = [
        car.isLocked,
        car.horns,
        effects.executions,
        effects.otpRequests.length,
        effects.otpsGranted,
      ];
      demand(
        isSame(seen, [true, 1, 4, 3, 1]),
        `Three calls and three OTP requests, one of them granted, make four executions; the simulated SDK saw ${effects.otpRequests.length} OTP requests, ${effects.otpsGranted} granted, ${effects.executions} executions, ${car.horns} horns, and doors that are ${car.isLocked ? 'locked' : 'unlocked'}.`,
        'Send each call once, and settle it once.',
      );
    },
  },
];
