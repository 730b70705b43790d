import { type AnyActorRef, fromCallback } from 'xstate';
import { recoveryMachine } from '../../machines/recovery/index.js';
import { type Ports, type recoveryEffects, unpluggedPorts } from '../../machines/recovery/recovery.setup.js';

type System = AnyActorRef['system'];

/** What the machine calls in one recovery. */
export interface RecoveryConnections {
  readonly ports: Ports;
  readonly effects: typeof recoveryEffects;
  /** @returns How long a request may take, in ms. */
  readonly requestTimeout: () => number;
}

/** By actor system, of which each recovery has one of its own. */
const connections = new WeakMap<System, RecoveryConnections>();

/** From now on, the {@link connectedMachine} in `system` calls this recovery. Call it before the actor starts. */
export function connect(system: System, recovery: RecoveryConnections): void {
  connections.set(system, recovery);
}

type Scope = { readonly system: System };
const portsOf = ({ system }: Scope): Ports => connections.get(system)?.ports ?? unpluggedPorts;

/** The machine of all recoveries, compiled once: see src/client/connect.ts. */
export const connectedMachine = recoveryMachine.provide({
  actors: {
    ask: fromCallback((scope) => portsOf(scope).ask(scope)),
    request: fromCallback((scope) => portsOf(scope).request(scope)),
    sendSms: fromCallback((scope) => portsOf(scope).sendSms(scope)),
  },
  delays: {
    requestTimeout: ({ context, system }) =>
      connections.get(system)?.requestTimeout() ?? context.policy.requestTimeoutMs,
  },
  actions: {
    resolveFlow: ({ system }) => connections.get(system)?.effects.resolveFlow(),
    rejectFlow: (scope, end) => connections.get(scope.system)?.effects.rejectFlow(scope, end),
  },
});
