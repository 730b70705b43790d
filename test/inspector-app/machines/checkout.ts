import { assign, fromCallback, setup } from 'xstate';

/** A shop: one child for each parcel, as many as there are. */
const parcel = setup({
  types: {} as { input: { name: string }; events: { type: 'shipped' | 'delivered' } },
}).createMachine({
  id: 'parcel',
  initial: 'packed',
  states: {
    packed: { on: { shipped: 'onTheWay' } },
    onTheWay: { on: { delivered: 'delivered' } },
    delivered: { type: 'final' },
  },
});

/** A checkout whose payment may be refused, and which starts a machine for each parcel. */
export const checkout = setup({
  types: {} as {
    context: { parcels: number };
    events: { type: 'paid'; parcels: number } | { type: 'address.given' | 'refused' | 'back' | 'clicked' };
  },
  actors: { parcel, clicks: fromCallback(() => {}) },
}).createMachine({
  id: 'checkout',
  context: { parcels: 0 },
  invoke: { src: 'clicks' },
  initial: 'open',
  states: {
    open: {
      initial: 'address',
      on: { back: '.last' },
      states: {
        address: { on: { 'address.given': 'payment' } },
        payment: { on: { refused: { target: 'payment', reenter: true }, paid: '#checkout.shipping' } },
        last: { type: 'history', target: 'address' },
      },
    },
    shipping: {
      entry: [
        assign(({ event }) => ({ parcels: event.type === 'paid' ? event.parcels : 0 })),
        assign(({ context, spawn }) => {
          for (let index = 0; index < context.parcels; index++)
            spawn('parcel', { id: `parcel ${index}`, input: { name: String(index) } });
          return {};
        }),
      ],
    },
  },
});
