import { setup } from 'xstate';

/** A crossing: the lights and the button of pedestrians side by side, with a history to return to after a failure. */
export const trafficLight = setup({
  types: {} as { events: { type: 'button.pressed' | 'walked' | 'power.lost' | 'power.restored' | 'night' } },
  guards: { isCold: () => false },
  actions: { ring: () => {} },
}).createMachine({
  id: 'crossing',
  initial: 'powered',
  states: {
    powered: {
      type: 'parallel',
      on: { 'power.lost': 'dark' },
      states: {
        lights: {
          initial: 'green',
          states: {
            green: { after: { 30000: 'yellow' } },
            yellow: { after: { 3000: 'red' } },
            red: {
              entry: 'ring',
              after: { 20000: [{ guard: 'isCold', target: 'yellow' }, { target: 'green' }] },
            },
          },
        },
        pedestrians: {
          initial: 'idle',
          states: {
            idle: { on: { 'button.pressed': 'waiting' } },
            waiting: { on: { walked: 'idle' } },
            remembered: { type: 'history', history: 'deep' },
          },
        },
      },
    },
    dark: {
      on: { 'power.restored': '#crossing.powered.pedestrians.remembered' },
    },
    removed: { type: 'final' },
  },
  on: { night: '.removed' },
});
