import { type ActorRefFrom, assign, createActor, fromPromise, setup } from 'xstate';
import {
  type Contender,
  isChallenge,
  type Message,
  type Request,
  requestOtp,
  type Scene,
} from '../contender.js';

interface Context {
  readonly request: Request;
  readonly message: Message | undefined;
}

/** The lifecycle of one call as its own machine. Who is challenged shares the running prompt with the others. */
export const createCallMachine = (scene: Scene, authenticate: () => Promise<void>) =>
  setup({
    types: {} as { context: Context; input: Request; events: { type: 'cancelled' } },
    actors: {
      send: fromPromise<Message, Request>(({ input }) => scene.send(input)),
      authenticate: fromPromise(authenticate),
    },
    guards: { isChallenge: (_, message: Message) => isChallenge(message) },
    actions: { remember: assign((_, message: Message) => ({ message })) },
  }).createMachine({
    context: ({ input }) => ({ request: input, message: undefined }),
    initial: 'sending',
    states: {
      sending: {
        invoke: {
          src: 'send',
          input: ({ context }) => context.request,
          onDone: [
            {
              guard: { type: 'isChallenge', params: ({ event }) => event.output },
              target: 'needStrongAuth',
            },
            { target: 'settled', actions: { type: 'remember', params: ({ event }) => event.output } },
          ],
          onError: 'settled',
        },
      },
      needStrongAuth: {
        invoke: { src: 'authenticate', onDone: 'replaying', onError: 'settled' },
        on: { cancelled: 'settled' },
      },
      replaying: {
        invoke: {
          src: 'send',
          input: ({ context }) => context.request,
          onDone: {
            target: 'settled',
            actions: { type: 'remember', params: ({ event }) => event.output },
          },
          onError: 'settled',
        },
      },
      settled: { type: 'final' },
    },
  });

/** One actor for each call: what a chart of the OTP page becomes when it is written down as it stands. */
export const xstatePerCall: Contender = {
  name: 'XState actor per call',
  create(scene) {
    let granting: Promise<void> | undefined;
    const grant = async () => {
      const pin = await scene.enterPin();
      if (!pin) throw new Error('CANCELLED');
      await requestOtp(scene, pin);
    };
    const machine = createCallMachine(scene, () => {
      granting ??= grant().finally(() => {
        granting = undefined;
      });
      return granting;
    });
    const running = new Set<ActorRefFrom<typeof machine>>();
    return {
      get: (api, parameters) =>
        new Promise((resolve, reject) => {
          const actor = createActor(machine, { input: { verb: 'get', api, parameters } });
          running.add(actor);
          actor.subscribe({
            complete() {
              running.delete(actor);
              const { message } = actor.getSnapshot().context;
              if (message?.status === 'SUCCEEDED') resolve(message.result);
              else reject(new Error(message ? `failed: ${message.error?.code}` : 'CANCELLED'));
            },
          });
          actor.start();
        }),
      cancel() {
        for (const actor of [...running]) actor.send({ type: 'cancelled' });
      },
      dispose() {
        for (const actor of running) actor.stop();
      },
    };
  },
};
