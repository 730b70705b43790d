import { createStrongAuth, isStrongAuthError, type StrongAuthOptions } from 'strong-auth-machine';

/** Somebody's app, written from docs/guides/model-based-testing.md: a store of commands, as a screen lists them. */

export interface Command {
  readonly id: number;
  readonly action: string;
  readonly state: string;
}

type Change =
  | { readonly type: 'sent'; readonly id: number; readonly action: string }
  | { readonly type: 'ended'; readonly id: number; readonly action: string; readonly state: string };

export type Reducer = (commands: readonly Command[], change: Change) => readonly Command[];

/** Has a bug: it finds a command by its action, so that a second one of the same action takes the row of the first. */
export const reduceByAction: Reducer = (commands, { id, action, ...change }) => {
  const row = { id, action, state: change.type === 'sent' ? 'pending' : change.state };
  const others = commands.filter((command) => command.action !== action);
  return [...others, row];
};

/** Repaired: a row for each command. */
export const reduceById: Reducer = (commands, { id, action, ...change }) => {
  const row = { id, action, state: change.type === 'sent' ? 'pending' : change.state };
  const others = commands.filter((command) => command.id !== id);
  return [...others, row];
};

export function createGarage(options: StrongAuthOptions, reduce: Reducer) {
  const strongAuth = createStrongAuth(options);
  const controllers = new Map<number, AbortController>();
  let commands: readonly Command[] = [];

  return {
    strongAuth,
    get commands() {
      return commands;
    },
    async honk(id: number) {
      const controller = new AbortController();
      controllers.set(id, controller);
      const dispatch = (change: { type: 'sent' } | { type: 'ended'; state: string }) => {
        commands = reduce(commands, { ...change, id, action: 'horn' });
      };
      dispatch({ type: 'sent' });
      try {
        const parameters = { action: 'horn', button: id };
        const { signal } = controller;
        await strongAuth.send<unknown>({ verb: 'set', api: 'pims.vehicle.command', parameters }, { signal });
        dispatch({ type: 'ended', state: 'succeeded' });
      } catch (error) {
        const state = controller.signal.aborted
          ? 'aborted'
          : isStrongAuthError(error)
            ? error.code
            : 'failed';
        dispatch({ type: 'ended', state });
      }
    },
    giveUp: (id: number) => controllers.get(id)?.abort(),
  };
}
