import { assign, fromPromise, setup } from 'xstate';

/** An upload that is tried again after a while, three times at most. */
export const upload = setup({
  types: {} as {
    context: { retries: number; name: string };
    events: { type: 'file.chosen'; name: string } | { type: 'cancelled' };
  },
  actors: {
    send: fromPromise<string, { name: string }>(() => Promise.reject(new Error('not plugged'))),
  },
  guards: { hasRetriesLeft: ({ context }) => context.retries < 3 },
  delays: { backoff: 1000 },
}).createMachine({
  id: 'upload',
  context: { retries: 0, name: '' },
  initial: 'idle',
  states: {
    idle: {
      on: { 'file.chosen': { target: 'working', actions: assign({ name: ({ event }) => event.name }) } },
    },
    working: {
      initial: 'sending',
      on: { cancelled: 'idle' },
      onDone: 'uploaded',
      states: {
        sending: {
          invoke: {
            src: 'send',
            input: ({ context }) => ({ name: context.name }),
            onDone: 'sent',
            onError: 'deciding',
          },
        },
        deciding: {
          always: [{ guard: 'hasRetriesLeft', target: 'waiting' }, { target: '#upload.failed' }],
        },
        waiting: {
          after: {
            backoff: {
              target: 'sending',
              actions: assign({ retries: ({ context }) => context.retries + 1 }),
            },
          },
        },
        sent: { type: 'final' },
      },
    },
    uploaded: { type: 'final' },
    failed: { on: { 'file.chosen': 'working' } },
  },
});
