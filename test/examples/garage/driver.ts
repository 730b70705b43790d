import { createManualClock } from 'strong-auth-machine/simulator';
import {
  createScriptedTransport,
  createScriptedUser,
  driverPolicy,
  type StrongAuthDriver,
  settleDown,
  type WorldOptions,
} from 'strong-auth-machine/testing';
import { createGarage, type Reducer } from './garage.js';

/** The driver of the guide, on this app. */
export const driveGarage =
  (reduce: Reducer) =>
  (world: WorldOptions): StrongAuthDriver => {
    const transport = createScriptedTransport();
    const user = createScriptedUser();
    const clock = createManualClock();
    const { enterPin } = user;
    const garage = createGarage({ transport, enterPin, clock, policy: driverPolicy(world) }, reduce);
    const { strongAuth } = garage;
    return {
      makeCall: (call) => void garage.honk(call),
      answerCall: (call, message) =>
        transport.unanswered(({ parameters }) => parameters?.button === call).resolve(message),
      answerOtp: (message) =>
        transport.unanswered(({ api }) => api === 'pims.authentication.otp').resolve(message),
      enterPin: (entry) => user.answer(entry),
      abortCall(call) {
        garage.giveUp(call);
        clock.advance(0);
      },
      advance: (ms) => clock.advance(ms),
      cancel: () => strongAuth.cancel(),
      reset: () => strongAuth.reset(),
      dispose: () => strongAuth.dispose(),
      async observe() {
        await settleDown();
        const { status, waiting } = strongAuth.view.getSnapshot();
        const stateOf = (id: number) => garage.commands.find((command) => command.id === id)?.state;
        return { status, waiting, outcomes: (world.calls ?? []).map((_, id) => stateOf(id) ?? 'unmade') };
      },
    };
  };
