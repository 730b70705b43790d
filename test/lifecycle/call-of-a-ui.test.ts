import { type CallState, createCall, type MakeCall } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import { CHALLENGE, COMMAND, failed, settleDown, stage, succeeded, turn, watched } from './support.js';

/* A call of a UI without a framework. Those of components are in test/adapters/calls.test.tsx. */

type Door = 'lock' | 'unlock';
type Make = MakeCall<[door?: Door], unknown>;

const setDoors: Make = ({ set }, doorState = 'lock') => set(COMMAND, { action: 'doors', doorState });

/** A call, and every state that its listener was told. */
function withCall(make: Make = setDoors) {
  const app = stage();
  const call = createCall(app.strongAuth, make);
  const told: CallState<unknown>[] = [];
  call.view.subscribe((state) => told.push(state));
  return { ...app, ...call, told };
}

const SUCCEEDED = { status: 'succeeded', isPending: false, result: { done: true } };

describe('a call of a UI', () => {
  test('tells each change once, with a state that stays the same until the next', async () => {
    const { run, view, told, answer } = withCall();
    expect(view.getSnapshot()).toEqual({ status: 'idle', isPending: false });
    const ended = watched(run());
    expect(view.getSnapshot()).toBe(told[0]);
    await answer(succeeded({ done: true }));
    expect(told).toEqual([{ status: 'pending', isPending: true }, SUCCEEDED]);
    expect([view.getSnapshot(), ended.value]).toEqual([told[1], told[1]]);
    expect(told.every((state) => Object.isFrozen(state))).toBe(true);
  });

  test('leaves alone what its function has started and not waited for, when it ends well', async () => {
    const { run, answer, requests } = withCall(({ get, set }) => {
      void get('app.log');
      return set(COMMAND, { action: 'doors', doorState: 'lock' });
    });
    const ended = run();
    await answer(succeeded());
    expect([(await ended).status, requests[0]?.signal?.aborted]).toEqual(['succeeded', false]);
  });

  test('is made once while it is pending, with the arguments of the first run', async () => {
    const { run, answer, requests } = withCall();
    const first = run('unlock');
    expect(run('lock')).toBe(first);
    await answer(succeeded());
    expect(run('lock')).not.toBe(first);
    await settleDown();
    const doors = requests.map(({ request }) => request.parameters?.doorState);
    expect(doors).toEqual(['unlock', 'lock']);
  });

  test('ends with the error of the SDK, with a denied authentication, or with what its function throws', async () => {
    const { run, answer, strongAuth } = withCall();
    const refused = run();
    await answer(failed(2200, 'no'));
    expect(await refused).toMatchObject({ status: 'failed', isPending: false, error: { code: 2200 } });
    const denied = run();
    await answer(CHALLENGE);
    strongAuth.cancel();
    expect(await denied).toMatchObject({ status: 'failed', error: { code: 'CANCELLED' } });
    const error = new RangeError('no such door');
    const thrown = withCall(() => {
      throw error;
    });
    expect(await thrown.run()).toEqual({ status: 'failed', isPending: false, error });
  });

  test('is ended by abort: the call in flight too, and whoever waits for its end is told', async () => {
    const { run, abort, told, requests } = withCall();
    const ended = watched(run());
    await settleDown();
    abort();
    await settleDown();
    expect(ended.value).toEqual({ status: 'aborted', isPending: false });
    expect([requests[0]?.signal?.aborted, told.map(({ status }) => status)]).toEqual([
      true,
      ['pending', 'aborted'],
    ]);
  });

  test('aborted while the PIN is asked for: the prompt closes', async () => {
    const { run, abort, answer, user, strongAuth } = withCall();
    void run();
    await answer(CHALLENGE);
    abort();
    await turn();
    expect([user.prompts.length, strongAuth.view.getSnapshot().status]).toEqual([1, 'cancelled']);
  });

  test('is forgotten by reset: a result, and a call that is pending, which ends as aborted', async () => {
    const { run, reset, answer, told, requests } = withCall();
    void run();
    await answer(succeeded({ done: true }));
    reset();
    const ended = watched(run());
    await settleDown();
    reset();
    await settleDown();
    expect([ended.value, requests[1]?.signal?.aborted]).toMatchObject([{ status: 'aborted' }, true]);
    expect(told.map(({ status }) => status)).toEqual(['pending', 'succeeded', 'idle', 'pending', 'idle']);
  });

  test('abort and reset tell nothing where there is nothing to end or to forget', async () => {
    const { run, abort, reset, answer, view, told } = withCall();
    abort();
    reset();
    expect(told).toEqual([]);
    void run();
    await answer(succeeded({ done: true }));
    abort();
    expect([view.getSnapshot(), told.length]).toEqual([SUCCEEDED, 2]);
  });

  test('shows nothing of the answer to one that was aborted, also while the next is pending', async () => {
    const answers: ((result: unknown) => void)[] = [];
    const { run, abort, told } = withCall(() => new Promise((resolve) => answers.push(resolve)));
    void run();
    abort();
    const ended = watched(run());
    answers[0]?.('late');
    await settleDown();
    answers[1]?.('own');
    await settleDown();
    expect(ended.value).toMatchObject({ status: 'succeeded', result: 'own' });
    expect(told.map(({ status }) => status)).toEqual(['pending', 'aborted', 'pending', 'succeeded']);
  });

  test('that a listener aborts when it begins is never made', async () => {
    let made = 0;
    const { run, abort, view } = withCall(async () => {
      made += 1;
    });
    view.subscribe(({ isPending }) => isPending && abort());
    expect(await run()).toMatchObject({ status: 'aborted' });
    expect([view.getSnapshot().status, made]).toEqual(['aborted', 0]);
  });

  test('that a listener makes again when it has ended is another call, and each has its own end', async () => {
    const { run, view, answer } = withCall();
    const again: Promise<unknown>[] = [];
    view.subscribe(({ status }) => status === 'failed' && again.push(run()));
    const first = run();
    await answer(failed(2200));
    await answer(succeeded({ done: true }), 1);
    expect([await first, await again[0]]).toMatchObject([{ status: 'failed' }, SUCCEEDED]);
    expect(view.getSnapshot()).toEqual(SUCCEEDED);
  });
});
