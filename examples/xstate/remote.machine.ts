import { isStrongAuthError, type StrongAuth, type SucceededMessage } from 'strong-auth-machine';
import { fromCall, fromStrongAuth } from 'strong-auth-machine/xstate';
import { assign, fromPromise, setup } from 'xstate';
import { commands, type Outcome } from '../shared/remote.js';

const pressable = { on: { pressed: 'pending' } } as const;

/** One command of the remote: pressed, on its way, and what became of it. */
const commandMachine = setup({
  types: {} as { context: { code: Outcome }; events: { type: 'pressed' } | { type: 'givenUp' } },
  actors: { send: fromPromise<SucceededMessage>(() => Promise.reject(new Error('unplugged'))) },
  actions: {
    recordCode: assign((_, { error }: { error: unknown }) => ({
      code: isStrongAuthError(error) ? error.code : 'failed',
    })),
  },
}).createMachine({
  id: 'command',
  context: { code: '' },
  initial: 'unmade',
  states: {
    unmade: pressable,
    pending: {
      description: 'Leaving this state aborts the call.',
      invoke: {
        id: 'send',
        src: 'send',
        onDone: 'succeeded',
        onError: {
          target: 'failed',
          actions: { type: 'recordCode', params: ({ event }) => ({ error: event.error }) },
        },
      },
      on: { givenUp: 'aborted' },
    },
    succeeded: pressable,
    aborted: pressable,
    failed: pressable,
  },
});

/** @returns The remote of a car: the client and the commands as children, and nothing else to decide. */
export function createRemoteMachine(strongAuth: StrongAuth) {
  const [lock, horn] = commands.map(({ request }) =>
    commandMachine.provide({ actors: { send: fromCall(strongAuth, ({ send }) => send(request)) } }),
  ) as [typeof commandMachine, typeof commandMachine];

  return setup({
    types: {} as { children: { strongAuth: 'strongAuth'; lock: 'lock'; horn: 'horn' } },
    actors: { strongAuth: fromStrongAuth(strongAuth), lock, horn },
  }).createMachine({
    id: 'remote',
    invoke: [
      { id: 'strongAuth', src: 'strongAuth' },
      { id: 'lock', src: 'lock' },
      { id: 'horn', src: 'horn' },
    ],
  });
}
