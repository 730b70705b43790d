import type { ApiRequest } from 'strong-auth-machine';
import type { Simulator } from 'strong-auth-machine/simulator';

type Car = Pick<Simulator, 'car'>;

/** One button of the remote: what it says, and what it sends. */
export interface Command {
  readonly id: string;
  /** What its call is called in the timeline. */
  readonly label: (world: Car, isSubscribed: boolean) => string;
  readonly request: (world: Car) => ApiRequest;
}

const command = (action: string, more: object = {}): ApiRequest => ({
  verb: 'set',
  api: 'pims.vehicle.command',
  parameters: { action, ...more },
});

const PROGRAMS = [{ start: '07:30', occurrence: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri'] }];

/** The remote, in the order of its buttons. */
export const commands = {
  lock: {
    id: 'lock',
    label: () => 'lock',
    request: () => command('doors', { doorState: 'lock' }),
  },
  unlock: {
    id: 'unlock',
    label: () => 'unlock',
    request: () => command('doors', { doorState: 'unlock' }),
  },
  horn: { id: 'horn', label: () => 'horn', request: () => command('horn') },
  lights: { id: 'lights', label: () => 'lights', request: () => command('warning') },
  charge: {
    id: 'charge',
    label: ({ car }) => (car.isCharging ? 'stop charging' : 'charge'),
    request: ({ car }) => command('charge', { startNow: !car.isCharging }),
  },
  climate: {
    id: 'climate',
    label: ({ car }) => (car.isPreconditioning ? 'stop climate' : 'climate'),
    request: ({ car }) =>
      command('preconditioning', { startNow: !car.isPreconditioning, programs: PROGRAMS }),
  },
  status: {
    id: 'status',
    label: () => 'status',
    request: () => ({ verb: 'get', api: 'pims.vehicle.informations', parameters: { action: 'refresh' } }),
  },
  poll: {
    id: 'poll',
    label: () => 'background poll',
    request: () => ({ verb: 'get', api: 'pims.vehicle.informations', parameters: { action: 'get' } }),
  },
  events: {
    id: 'events',
    label: (_, isSubscribed) => (isSubscribed ? 'end of events' : 'events'),
    request: () => ({
      verb: 'subscribe',
      api: 'pims.vehicle.event',
      parameters: { actionType: 'remote', type: ['remoteChargeFinished', 'remoteChargeInterrupted'] },
    }),
  },
} as const satisfies Record<string, Command>;

/** The name of a button of the remote. */
export type CommandId = keyof typeof commands;

/** What “all at once” presses. */
export const together: readonly CommandId[] = ['horn', 'lights', 'charge', 'climate', 'status', 'events'];
