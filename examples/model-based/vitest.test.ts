import { createManualClock } from 'strong-auth-machine/simulator';
import {
  createScriptedTransport,
  driverPolicy,
  type StrongAuthDriver,
  settleDown,
  strongAuthPaths,
  type WorldOptions,
  walkPath,
} from 'strong-auth-machine/testing';
import { describe, test } from 'vitest';
import { createRemote } from './remote.js';

/** The world of these tests: two buttons that may meet strong authentication at the same time. */
const world: WorldOptions = {
  calls: ['call', 'call'],
  // The pad has no way to break, and the screen no button for sign-out.
  alphabet: ({ type }) =>
    !['pin.failed', 'pin.malformed', 'otp.pinMalformed', 'call.failed', 'reset', 'disposed'].includes(type),
  policy: { maxPinAttempts: 1 },
};

/** The hands and the eye of the kit, on this app. */
function drive(): StrongAuthDriver {
  const transport = createScriptedTransport();
  const clock = createManualClock();
  const remote = createRemote(world.calls as never, { transport, clock, policy: driverPolicy(world) });
  const unanswered = (isMeant: (parameters: Record<string, unknown>) => boolean) => {
    const found = transport.requests.find(
      ({ request, isAnswered }) => !isAnswered && isMeant(request.parameters ?? {}),
    );
    if (!found) throw new Error('there is no such request');
    return found;
  };
  return {
    makeCall: (call) => remote.press(call),
    answerCall: (call, message) => unanswered(({ button }) => button === call).resolve(message),
    abortCall(call) {
      remote.giveUp(call);
      clock.advance(0); // the prompt closes when the turn ends
    },
    enterPin: (entry) => (entry === 'decline' ? remote.pad.cancel() : remote.pad.submit('123456')),
    answerOtp: (message) => unanswered(({ pinCode }) => pinCode !== undefined).resolve(message),
    advance: (ms) => clock.advance(ms),
    cancel: () => remote.strongAuth.cancel(),
    reset: () => remote.strongAuth.reset(),
    dispose: () => remote.strongAuth.dispose(),
    async observe() {
      await settleDown();
      const { status, waiting, failure } = remote.strongAuth.view.getSnapshot();
      const pad = remote.pad.view.getSnapshot();
      const prompt = pad.isOpen ? pad.prompt : undefined;
      return {
        status,
        waiting,
        failure: failure?.code,
        outcomes: remote.outcomes,
        prompt: prompt && {
          attempt: prompt.attempt,
          attemptsLeft: prompt.attemptsLeft,
          reason: prompt.reason,
        },
      };
    },
  };
}

describe('the remote, along every path of the lifecycle', () => {
  const paths = strongAuthPaths(world);
  // One test for all of them keeps the report short; a failure names the step and the path.
  test(`${paths.length} paths`, { timeout: 600_000 }, async () => {
    for (const path of paths) await walkPath(path, drive());
  });
});
