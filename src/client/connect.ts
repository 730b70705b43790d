import { type AnyActorRef, fromCallback } from 'xstate';
import { strongAuthMachine } from '../../machines/strong-auth/index.js';
import {
  type ledgerEffects,
  type Ports,
  unpluggedPorts,
} from '../../machines/strong-auth/strong-auth.setup.js';

type System = AnyActorRef['system'];

/** What the machine calls in one client. */
export interface Connections {
  readonly ports: Ports;
  readonly effects: typeof ledgerEffects;
  /** @returns How long the OTP line may still be busy, in ms. */
  readonly otpLineTimeout: () => number;
}

/** By actor system, of which each client has one of its own. */
const connections = new WeakMap<System, Connections>();

/** From now on, the {@link connectedMachine} in `system` calls this client. Call it before the actor starts. */
export function connect(system: System, client: Connections): void {
  connections.set(system, client);
}

type Scope = { readonly system: System };
const portsOf = ({ system }: Scope): Ports => connections.get(system)?.ports ?? unpluggedPorts;
const effectsOf = ({ system }: Scope) => connections.get(system)?.effects;

/**
 * The machine of all clients. `provide` compiles the whole chart, which takes longer than everything else that makes a
 * client, so it is called once and not for every client. In a system without a client, it does what the bare machine does.
 */
export const connectedMachine = strongAuthMachine.provide({
  actors: {
    enterPin: fromCallback((scope) => portsOf(scope).enterPin(scope)),
    otpLine: fromCallback((scope) => portsOf(scope).otpLine(scope)),
    requestOtp: fromCallback((scope) => portsOf(scope).requestOtp(scope)),
    recover: fromCallback((scope) => portsOf(scope).recover(scope)),
  },
  delays: {
    otpLineTimeout: ({ context, system }) =>
      connections.get(system)?.otpLineTimeout() ?? context.policy.otpTimeoutMs,
  },
  actions: {
    hold: (scope, call) => effectsOf(scope)?.hold(scope, call),
    refuse: (scope, call) => effectsOf(scope)?.refuse(scope, call),
    replayStraggler: (scope, call) => effectsOf(scope)?.replayStraggler(scope, call),
    replayWaiting: (scope, granted) => effectsOf(scope)?.replayWaiting(scope, granted),
    rejectWaiting: (scope, denial) => effectsOf(scope)?.rejectWaiting(scope, denial),
    rejectEverything: (scope, end) => effectsOf(scope)?.rejectEverything(scope, end),
  },
});
