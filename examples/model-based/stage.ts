import { createPinPad, createStrongAuth } from 'strong-auth-machine';
import { createManualClock, type ManualClock } from 'strong-auth-machine/simulator';
import {
  createScriptedTransport,
  driverPolicy,
  type ScriptedRequest,
  type ScriptedTransport,
  type WorldOptions,
} from 'strong-auth-machine/testing';
import { commands, type Remote } from '../shared/remote.js';

/** An app's surroundings, which wait for a test: what no user can do is done here. */
export interface Stage {
  readonly remote: Remote;
  readonly transport: ScriptedTransport;
  readonly clock: ManualClock;
  /** The SDK answers what was last sent of this command. */
  answerCall(command: number, message: unknown): void;
  /** The SDK answers the OTP request. */
  answerOtp(message: unknown): void;
}

/** @returns Surroundings with the limits of `world`, in which nothing happens by itself. */
export function createStage(world: WorldOptions = {}): Stage {
  const transport = createScriptedTransport();
  const clock = createManualClock();
  const pinPad = createPinPad();
  const strongAuth = createStrongAuth({
    transport,
    clock,
    enterPin: pinPad.enterPin,
    policy: driverPolicy(world),
  });
  const unanswered = (isMeant: (request: ScriptedRequest['request']) => boolean): ScriptedRequest => {
    // The last: an OTP request whose wave timed out may still be unanswered.
    const [found] = transport.requests
      .filter(({ request, isAnswered }) => !isAnswered && isMeant(request))
      .reverse();
    if (!found) throw new Error('there is no such request');
    return found;
  };
  return {
    remote: { strongAuth, pinPad },
    transport,
    clock,
    answerCall(command, message) {
      const { action } = commands[command]?.request.parameters ?? {};
      unanswered(({ parameters }) => parameters?.action === action).resolve(message);
    },
    answerOtp: (message) =>
      unanswered(({ parameters }) => parameters?.pinCode !== undefined).resolve(message),
  };
}
