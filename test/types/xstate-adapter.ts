/*
 * What the types of `strong-auth-machine/xstate` promise to a machine of the app. Nothing here runs: `npm run typecheck` compiles
 * it, test/types/xstate-5.30.test.ts with the lowest XState. `Is` compares exactly, so a type that decays to `any` fails.
 */
import type {
  AnyStrongAuthError,
  ApiError,
  PromptView,
  StrongAuth,
  StrongAuthView,
} from 'strong-auth-machine';
import {
  errorOf,
  failedWith,
  fromCall,
  fromStrongAuth,
  type StrongAuthCommand,
  waitForPrompt,
  type waitForRest,
} from 'strong-auth-machine/xstate';
import { assign, createActor, fromPromise, type OutputFrom, sendTo, setup } from 'xstate';

type Is<Actual, Expected> =
  (<T>() => T extends Actual ? 1 : 2) extends <T>() => T extends Expected ? 1 : 2 ? true : false;
const prove = <_Proof extends true>(): void => {};

type Flag = boolean | 'true' | 'false';

export function calls(strongAuth: StrongAuth) {
  const isLogged = fromCall(strongAuth, ({ get }) =>
    get('pims.authentication.user', { type: 'isLogged' }).then(({ isLogged }) => isLogged),
  );
  prove<Is<OutputFrom<typeof isLogged>, Flag | undefined>>();

  const moveDoors = fromCall(strongAuth, async ({ set }, doorState: 'lock' | 'unlock') => {
    await set('pims.vehicle.command', { action: 'doors', doorState }, { timeoutMs: 10_000 });
    return doorState;
  });
  prove<Is<OutputFrom<typeof moveDoors>, 'lock' | 'unlock'>>();

  // The names, parameters and options of a call are checked as those of the client.
  fromCall(strongAuth, ({ get }) => get('backend.transfer', { amount: 12 }, { interactive: false }));
  // @ts-expect-error the door state does not exist
  fromCall(strongAuth, ({ set }) => set('pims.vehicle.command', { action: 'doors', doorState: 'open' }));
  fromCall(strongAuth, ({ set }) =>
    // @ts-expect-error the signal is the invoke's: leaving the state ends the call
    set('pims.vehicle.command', { action: 'horn' }, { signal: new AbortController().signal }),
  );

  setup({
    types: {} as { context: { doors: 'lock' | 'unlock'; failure: string } },
    actors: { isLogged, moveDoors, later: fromPromise<Flag | undefined>(() => new Promise(() => {})) },
    guards: { isDeclined: failedWith('CANCELLED') },
  })
    .createMachine({
      context: { doors: 'lock', failure: '' },
      invoke: {
        src: 'moveDoors',
        input: 'lock',
        onDone: {
          actions: assign(({ event }) => {
            prove<Is<typeof event.output, 'lock' | 'unlock'>>();
            return { doors: event.output };
          }),
        },
        onError: [
          { guard: 'isDeclined' },
          // As it stands, too.
          { guard: failedWith('ACCOUNT_BLOCKED', 2204) },
          {
            actions: assign(({ event }) => {
              const error = errorOf(event);
              prove<Is<typeof error, ApiError | AnyStrongAuthError | undefined>>();
              return { failure: String(error?.code) };
            }),
          },
        ],
      },
    })
    // A machine written for a plain promise takes the logic of a call.
    .provide({ actors: { later: isLogged } });

  setup({ actors: { moveDoors } }).createMachine({
    // @ts-expect-error no such door state
    invoke: { src: 'moveDoors', input: 'open' },
  });

  // @ts-expect-error no such code
  failedWith('DECLINED');
}

export function embedded(strongAuth: StrongAuth) {
  const machine = setup({
    types: {} as { context: { view: StrongAuthView | undefined }; events: StrongAuthCommand },
    actors: { strongAuth: fromStrongAuth(strongAuth) },
  }).createMachine({
    context: { view: undefined },
    invoke: {
      id: 'strongAuth',
      src: 'strongAuth',
      onSnapshot: {
        actions: assign(({ event }) => {
          prove<Is<typeof event.snapshot.context, StrongAuthView>>();
          return { view: event.snapshot.context };
        }),
      },
    },
    on: { cancel: { actions: sendTo('strongAuth', { type: 'cancel' }) } },
  });
  const child = createActor(machine).getSnapshot().children.strongAuth;
  child?.send({ type: 'reset', reason: 'switched' });
  // @ts-expect-error no such command
  child?.send({ type: 'dispose' });
}

export async function waits(strongAuth: StrongAuth) {
  prove<Is<Awaited<ReturnType<typeof waitForRest>>, StrongAuthView>>();
  const prompt = await waitForPrompt(strongAuth, { timeout: 1000, signal: new AbortController().signal });
  prove<Is<typeof prompt, PromptView>>();
}
