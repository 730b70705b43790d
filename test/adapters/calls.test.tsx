import { act, type ReactElement, StrictMode, useEffect } from 'react';
import { create, type ReactTestRenderer } from 'react-test-renderer';
import {
  type CallActions,
  type CallState,
  isStrongAuthError,
  type MakeCall,
  type StrongAuth,
} from 'strong-auth-machine';
import {
  type StrongAuthCall,
  StrongAuthProvider,
  useStrongAuthCall as useReactCall,
} from 'strong-auth-machine/react';
import { strongAuthCallStore } from 'strong-auth-machine/svelte';
import { useStrongAuthCall as useVueCall } from 'strong-auth-machine/vue';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { effectScope } from 'vue';
import { CHALLENGE, COMMAND, failed, GRANT, stage, succeeded, turn } from '../lifecycle/support.js';

/* A call of a component, the same in every layer that has components: each test is run with all three. */

type Door = 'lock' | 'unlock';
type Result = { readonly done: true } | undefined;
type Make = MakeCall<[door?: Door], Result>;

/** A component with one call, on no page. */
interface Component extends CallActions<[door?: Door], Result> {
  state(): CallState<Result>;
  unmount(): Promise<void> | void;
}

const layers: Readonly<
  Record<string, (strongAuth: StrongAuth, make: Make) => Component | Promise<Component>>
> = {
  async React(strongAuth, make) {
    let latest = {} as StrongAuthCall<[door?: Door], Result>;
    function Lock() {
      latest = useReactCall(make);
      return null;
    }
    let screen = {} as ReactTestRenderer;
    await act(async () => {
      screen = create(
        <StrongAuthProvider strongAuth={strongAuth}>
          <Lock />
        </StrongAuthProvider>,
      );
    });
    return {
      state: () => latest,
      // What the first render got is what a handler of a page may still hold.
      run: latest.run,
      abort: latest.abort,
      reset: latest.reset,
      unmount: () => act(async () => screen.unmount()),
    };
  },
  Vue(strongAuth, make) {
    const scope = effectScope(true);
    const call = scope.run(() => useVueCall(strongAuth, make));
    if (!call) throw new Error('the scope did not run');
    const { status, isPending, result, error, ...actions } = call;
    const parts = { status, isPending, result, error };
    return {
      ...actions,
      state: () =>
        Object.fromEntries(
          Object.entries(parts).map(([name, { value }]) => [name, value]),
        ) as unknown as CallState<Result>,
      unmount: () => scope.stop(),
    };
  },
  Svelte(strongAuth, make) {
    const { subscribe, ...actions } = strongAuthCallStore(strongAuth, make);
    let state = {} as CallState<Result>;
    const unmount = subscribe((next) => {
      state = next;
    });
    return { ...actions, state: () => state, unmount };
  },
};

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe.each(Object.entries(layers))('a call of a component in %s', (_, mount) => {
  /** A component that locks or unlocks the doors. */
  async function open(
    make: Make = ({ set }, doorState = 'lock') => set<Result>(COMMAND, { action: 'doors', doorState }),
  ) {
    const app = stage();
    const component = await mount(app.strongAuth, make);
    return {
      ...app,
      ...component,
      press: (door?: Door) => act(async () => void component.run(door)),
      answers: (message: unknown, index?: number) => act(() => app.answer(message, index)),
    };
  }

  test('is pending from the moment it is made, while the PIN is asked for, and until it is answered', async () => {
    const { state, press, answers, type, requests } = await open();
    expect(state()).toMatchObject({ status: 'idle', isPending: false });
    await press();
    expect(state()).toMatchObject({ status: 'pending', isPending: true });
    await answers(CHALLENGE);
    await act(() => type('1234'));
    await answers(GRANT);
    expect(state()).toMatchObject({ status: 'pending', isPending: true });
    await answers(succeeded({ done: true }));
    expect(state()).toMatchObject({ status: 'succeeded', isPending: false, result: { done: true } });
    expect(requests).toHaveLength(3);
  });

  test('is made once, however often it is run while it is pending', async () => {
    const { run, answers, requests } = await open();
    let promises: readonly Promise<unknown>[] = [];
    await act(async () => {
      promises = [run('lock'), run('unlock')];
    });
    expect(promises[1]).toBe(promises[0]);
    expect(requests.map(({ request }) => request.parameters)).toEqual([
      { action: 'doors', doorState: 'lock' },
    ]);
    await answers(succeeded());
    await act(async () => void run('unlock'));
    expect(requests[1]?.request.parameters).toEqual({ action: 'doors', doorState: 'unlock' });
  });

  test('keeps its error, with the remedy, until it is made again', async () => {
    const { state, press, answers, strongAuth } = await open();
    await press();
    await answers(CHALLENGE);
    await act(async () => strongAuth.cancel());
    const { status, error } = state();
    expect(status).toBe('failed');
    expect(isStrongAuthError(error) && [error.code, error.remedy]).toEqual(['CANCELLED', 'retry']);
    await press();
    expect(state()).toMatchObject({ status: 'pending' });
    expect(state().error).toBeUndefined();
  });

  test('fails with what its function throws', async () => {
    const { state, press } = await open(() => {
      throw new RangeError('no such door');
    });
    await press();
    expect(state()).toMatchObject({ status: 'failed', error: new RangeError('no such door') });
  });

  test('tells whoever waits how it has ended, and never rejects', async () => {
    const { run, abort, reset, answers } = await open();
    const ends: unknown[] = [];
    const make = () => act(async () => void run().then((end) => ends.push(end)));
    await make();
    await act(async () => abort());
    await make();
    await act(async () => reset());
    await make();
    await answers(failed(2200, 'no'));
    await make();
    await answers(succeeded({ done: true }));
    expect(ends).toMatchObject([
      { status: 'aborted' },
      { status: 'aborted' },
      { status: 'failed', error: { code: 2200 } },
      { status: 'succeeded', result: { done: true } },
    ]);
  });

  test('is ended by abort, also while the PIN is asked for, and can be made again', async () => {
    const { state, press, abort, answers, user, strongAuth } = await open();
    await press();
    await answers(CHALLENGE);
    expect(user.prompts).toHaveLength(1);
    await act(async () => abort());
    expect(state()).toMatchObject({ status: 'aborted', isPending: false });
    await turn();
    expect(strongAuth.view.getSnapshot().status).toBe('cancelled');
    await press();
    await answers(succeeded({ done: true }));
    expect(state().status).toBe('succeeded');
    await act(async () => abort());
    expect(state().status).toBe('succeeded');
  });

  test('that is aborted while it is being made does not stay pending', async () => {
    let abort = () => {};
    const component = await open(({ set }) => {
      abort();
      return set<Result>(COMMAND, { action: 'doors', doorState: 'lock' });
    });
    abort = () => component.abort();
    await component.press();
    expect(component.state()).toMatchObject({ status: 'aborted', isPending: false });
    expect(component.transport.requests).toEqual([]);
  });

  test('forgets its result by reset, and aborts what is pending', async () => {
    const { state, press, reset, answers, requests } = await open();
    await press();
    await answers(succeeded({ done: true }));
    await act(async () => reset());
    expect([state().status, state().result]).toEqual(['idle', undefined]);
    await press();
    await act(async () => reset());
    expect([state().status, requests[1]?.signal?.aborted]).toEqual(['idle', true]);
  });

  test('of which an aborted one answers late shows nothing of that answer', async () => {
    const late: ((result: Result) => void)[] = [];
    const { state, press, abort } = await open(() => new Promise((resolve) => late.push(resolve)));
    await press();
    await act(async () => abort());
    await press();
    await act(async () => late[0]?.({ done: true }));
    expect(state().status).toBe('pending');
    await act(async () => late[1]?.(undefined));
    expect(state().status).toBe('succeeded');
  });

  test('is aborted when its component unmounts', async () => {
    const { press, unmount, requests, strongAuth, user, answers } = await open();
    await press();
    await answers(CHALLENGE);
    expect(user.prompts).toHaveLength(1);
    await unmount();
    await turn();
    expect(strongAuth.view.getSnapshot()).toMatchObject({ status: 'cancelled', waiting: 0 });
    expect(requests).toHaveLength(1);
  });
});

interface CallProps {
  readonly strongAuth?: StrongAuth;
  readonly door: Door;
  readonly onRender: (call: StrongAuthCall<[], unknown>) => void;
}

function Lock({ strongAuth, door, onRender }: CallProps) {
  onRender(useReactCall(strongAuth, ({ set }) => set(COMMAND, { action: 'doors', doorState: door })));
  return null;
}

/** Makes its call when it is mounted. */
function EagerLock({ door, onRender }: CallProps) {
  const call = useReactCall(({ set }) => set(COMMAND, { action: 'doors', doorState: door }));
  onRender(call);
  const { run } = call;
  useEffect(() => void run(), [run]);
  return null;
}

describe('useStrongAuthCall of React', () => {
  let call = {} as StrongAuthCall<[], unknown>;
  const onRender = (next: typeof call) => {
    call = next;
  };
  let screen = {} as ReactTestRenderer;
  afterEach(() => act(async () => screen.unmount()));

  test('makes the call of the latest render, with the latest client', async () => {
    const [first, second] = [stage(), stage()];
    const show = (next: ReactElement) => act(async () => screen.update(next));
    await act(async () => {
      screen = create(<Lock strongAuth={first.strongAuth} door="lock" onRender={onRender} />);
    });
    const { run } = call;
    await show(<Lock strongAuth={first.strongAuth} door="unlock" onRender={onRender} />);
    expect(call.run).toBe(run);
    await act(async () => void run());
    expect(first.requests[0]?.request.parameters).toMatchObject({ doorState: 'unlock' });

    await show(<Lock strongAuth={second.strongAuth} door="lock" onRender={onRender} />);
    expect([first.requests[0]?.signal?.aborted, call.status]).toEqual([true, 'idle']);
    await act(async () => void call.run());
    expect(second.requests).toHaveLength(1);
  });

  test('made in an effect, is made again by the second mount of StrictMode', async () => {
    const app = stage();
    await act(async () => {
      screen = create(
        <StrictMode>
          <StrongAuthProvider strongAuth={app.strongAuth}>
            <EagerLock door="lock" onRender={onRender} />
          </StrongAuthProvider>
        </StrictMode>,
      );
    });
    expect(app.requests.map(({ signal }) => signal?.aborted)).toEqual([true, false]);
    await act(() => app.answer(succeeded({ done: true })));
    expect(call.result).toEqual({ done: true });
  });
});
