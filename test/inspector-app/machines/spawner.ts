import { assign, setup } from 'xstate';

/** One download. */
const download = setup({
  types: {} as { input: { url: string }; events: { type: 'received' | 'broken' } },
}).createMachine({
  id: 'download',
  initial: 'loading',
  states: {
    loading: { on: { received: 'loaded', broken: 'failed' } },
    loaded: { type: 'final' },
    failed: { type: 'final' },
  },
});

/** A list of downloads: a parent that starts a child whenever it is asked, and is told when one has ended. */
export const spawner = setup({
  types: {} as { context: { count: number }; events: { type: 'added'; url: string } | { type: 'closed' } },
  actors: { download },
}).createMachine({
  id: 'downloads',
  context: { count: 0 },
  initial: 'open',
  states: {
    open: {
      on: {
        added: {
          actions: assign(({ context, event, spawn }) => {
            spawn('download', { id: `download ${context.count}`, input: { url: event.url } });
            return { count: context.count + 1 };
          }),
        },
        closed: 'closed',
      },
    },
    closed: {},
  },
});
