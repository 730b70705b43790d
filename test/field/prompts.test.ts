import { QueryClient, QueryObserver } from '@tanstack/query-core';
import { Observable, Subject, switchMap } from 'rxjs';
import { createPinPad, createStrongAuth, fromPims, type PinPrompt } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import {
  CHALLENGE,
  COMMAND,
  failed,
  GRANT,
  OTP,
  settleDown,
  stage,
  succeeded,
  surfaced,
  turn,
  watched,
} from '../lifecycle/support.js';

/* Prompts: field cases 22 to 32, and their neighbours. */

function padded() {
  const pad = createPinPad();
  const app = stage({ enterPin: pad.enterPin });
  const shown = () => pad.view.getSnapshot();
  return { ...app, pad, shown };
}

describe('22. a dialog that tells late that it was closed', () => {
  test('wrong PIN, the library calls onClose after the retry has opened: the retry stays', async () => {
    const { challenged, pad, shown, answer } = padded();
    const call = await challenged();
    const first = shown().prompt;
    pad.submit('1111', first);
    await settleDown();
    expect(shown()).toMatchObject({ phase: 'checking', isOpen: false, prompt: first });
    await answer(failed(2308));
    expect(shown()).toMatchObject({ phase: 'asking', prompt: { attempt: 2, reason: 'pinRejected' } });
    pad.cancel(first); // 150 ms late
    await settleDown();
    expect([shown().phase, call.fate]).toEqual(['asking', 'pending']);
  });

  test('from asking to checking to asking there is no closed view in between', async () => {
    const { challenged, pad, answer } = padded();
    const phases: string[] = [];
    pad.view.subscribe(({ phase }) => phases.push(phase));
    await challenged();
    pad.submit('1111');
    await settleDown();
    await answer(failed(2308));
    pad.submit('1234');
    await settleDown();
    await answer(GRANT);
    expect(phases).toEqual(['asking', 'checking', 'asking', 'checking', 'closed']);
  });

  test.each<[string, (app: ReturnType<typeof padded>) => unknown]>([
    ['denied', ({ answer }) => answer(failed(2310))],
    ['cancelled', ({ strongAuth }) => strongAuth.cancel()],
    ['timed out', ({ pass }) => pass(30_000)],
    ['reset', ({ strongAuth }) => strongAuth.reset()],
    ['disposed of', ({ strongAuth }) => strongAuth.dispose()],
  ])('checking ends when the wave is %s', async (_, end) => {
    const app = padded();
    await app.challenged();
    app.pad.submit('1234');
    await settleDown();
    await end(app);
    await settleDown();
    expect(app.shown()).toEqual({ phase: 'closed', isOpen: false });
  });
});

test('23. cancel in an alert left over from an ended wave: the new wave goes on', async () => {
  const { challenged, pad, shown, strongAuth } = padded();
  await challenged();
  const left = shown().prompt;
  strongAuth.cancel();
  const call = await challenged();
  pad.cancel(left);
  await settleDown();
  expect([call.fate, shown().phase]).toEqual(['pending', 'asking']);
});

test('24. a leftover dialog of account A submits after the switch to B: nothing is sent for B', async () => {
  const pad = createPinPad();
  const [a, b] = [stage({ enterPin: pad.enterPin }), stage({ enterPin: pad.enterPin })];
  await a.challenged();
  const ofA = pad.view.getSnapshot().prompt as PinPrompt;
  a.strongAuth.dispose();
  await b.challenged();
  pad.submit('1234', ofA);
  await settleDown();
  expect([a, b].map(({ requestsOf }) => requestsOf(OTP).length)).toEqual([0, 0]);
  expect(pad.view.getSnapshot().phase).toBe('asking');
});

test('24. the same within one client, after reset()', async () => {
  const { challenged, pad, shown, strongAuth, requestsOf } = padded();
  await challenged();
  const ofA = shown().prompt;
  strongAuth.reset();
  await challenged();
  pad.submit('1234', ofA);
  await settleDown();
  expect(requestsOf(OTP)).toHaveLength(0);
});

test('25. a second tap on a pad that has opened again: one attempt is spent', async () => {
  const { challenged, pad, shown, answer, requestsOf } = padded();
  await challenged();
  const first = shown().prompt;
  pad.submit('1111', first);
  pad.submit('1111', first);
  await settleDown();
  await answer(failed(2308));
  pad.submit('1111', first);
  await settleDown();
  expect([requestsOf(OTP).length, shown().prompt?.attempt]).toEqual([1, 2]);
});

test.each(['', ' ', '\t\n', '\u200e', '\u00a0'])(
  '26. Enter on an empty field (%o): nobody has declined',
  async (typed) => {
    const { challenged, pad, shown, requestsOf } = padded();
    const call = await challenged();
    pad.submit(typed);
    await settleDown();
    expect([call.fate, shown().phase, requestsOf(OTP).length]).toEqual(['pending', 'asking', 0]);
  },
);

test('a button that gives its event to cancel declines', async () => {
  const { challenged, pad } = padded();
  const call = await challenged();
  (pad.cancel as (event: unknown) => void)(new Event('click'));
  await settleDown();
  expect(call.fate).toBe('CANCELLED');
});

describe('27. the last waiter leaves, and a call is made anew in the same turn: the prompt stays, the same one', () => {
  const isOpen = ({ user }: ReturnType<typeof stage>) =>
    user.prompts.length === 1 && !user.prompts[0]?.prompt.signal.aborted;

  test('an effect that runs again ten times', async () => {
    const app = stage();
    let controller = new AbortController();
    let call = await app.challenged({ signal: controller.signal });
    for (let run = 0; run < 10; run += 1) {
      controller.abort();
      controller = new AbortController();
      call = watched(app.strongAuth.set(COMMAND, { action: 'horn' }, { signal: controller.signal }));
    }
    await turn();
    expect(isOpen(app)).toBe(true);
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('once'));
    expect([call.value, app.user.prompts.length, app.requestsOf(OTP).length]).toEqual(['once', 1, 1]);
    expect(app.clock.pending).toBe(0);
  });

  test('invalidateQueries of TanStack Query while the user types', async () => {
    const app = stage();
    const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
    const observer = new QueryObserver(client, {
      queryKey: ['car'],
      queryFn: ({ signal }) => app.strongAuth.get<unknown>('car', {}, { signal }),
    });
    const stop = observer.subscribe(() => {});
    await settleDown();
    await app.answer(CHALLENGE);
    for (let time = 0; time < 3; time += 1) {
      void client.invalidateQueries({ queryKey: ['car'] });
      await turn();
      await app.answer(CHALLENGE);
    }
    expect(isOpen(app)).toBe(true);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('fresh'));
    await turn();
    expect(observer.getCurrentResult().data).toBe('fresh');
    stop();
    client.clear();
  });

  test('switchMap of RxJS', async () => {
    const app = stage();
    const clicks = new Subject<number>();
    const results: unknown[] = [];
    clicks
      .pipe(
        switchMap(
          (n) =>
            new Observable((observer) => {
              const controller = new AbortController();
              app.strongAuth.get('x', { n }, { signal: controller.signal }).then(
                (value) => observer.next(value),
                () => {},
              );
              return () => controller.abort();
            }),
        ),
      )
      .subscribe((value) => results.push(value));
    clicks.next(1);
    await app.answer(CHALLENGE);
    clicks.next(2);
    await turn();
    await app.answer(CHALLENGE);
    expect(isOpen(app)).toBe(true);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('second'));
    expect(results).toEqual(['second']);
  });

  test('an ensure() that is made anew', async () => {
    const app = stage();
    const controller = new AbortController();
    void watched(app.strongAuth.ensure({ signal: controller.signal }));
    await settleDown();
    controller.abort();
    void watched(app.strongAuth.ensure());
    await turn();
    expect(isOpen(app)).toBe(true);
  });

  test('promises in between are the same turn', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    await settleDown(30);
    void watched(app.strongAuth.get('x'));
    await turn();
    expect(isOpen(app)).toBe(true);
  });

  test.each<[string, (app: ReturnType<typeof stage>) => unknown]>([
    ['succeeds', ({ answer }) => answer(succeeded())],
    ['fails', ({ answer }) => answer(failed(2204))],
    ['times out', ({ pass }) => pass(60_000)],
  ])('the new call %s without needing it: the prompt closes', async (_, settle) => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    void watched(app.strongAuth.get('x'));
    await turn();
    expect(isOpen(app)).toBe(true);
    await settle(app);
    expect([isOpen(app), app.status, app.clock.pending]).toEqual([false, 'cancelled', 0]);
  });

  test('nobody comes: it closes when the turn ends, and a call of the next turn asks anew', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    await turn();
    expect([isOpen(app), app.status]).toEqual([false, 'cancelled']);
    await app.challenged();
    expect(app.user.prompts).toHaveLength(2);
  });

  test('an effect that runs again in each of ten turns, before the SDK has answered', async () => {
    const app = stage();
    let controller = new AbortController();
    let call = await app.challenged({ signal: controller.signal });
    for (let run = 0; run < 10; run += 1) {
      controller.abort();
      controller = new AbortController();
      call = watched(app.strongAuth.set(COMMAND, { action: 'horn' }, { signal: controller.signal }));
      await turn();
      expect(isOpen(app)).toBe(true);
    }
    await app.answer(CHALLENGE);
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(succeeded('once'));
    expect([call.value, app.user.prompts.length, app.requestsOf(OTP).length]).toEqual(['once', 1, 1]);
    expect(app.clock.pending).toBe(0);
  });

  test('two calls are made anew, and one of them once more: the prompt stays until that one is judged', async () => {
    const app = stage();
    const [first, second] = [new AbortController(), new AbortController()];
    await app.challenged({ signal: first.signal });
    first.abort();
    void watched(app.strongAuth.get('other'));
    void watched(app.strongAuth.get('x', {}, { signal: second.signal }));
    await turn();
    second.abort();
    const call = watched(app.strongAuth.get('x'));
    await turn();
    await app.answer(succeeded(), 1); // the other
    expect(isOpen(app)).toBe(true);
    await app.answer(CHALLENGE);
    expect([isOpen(app), call.fate, app.strongAuth.view.getSnapshot().waiting]).toEqual([true, 'pending', 1]);
  });

  test('the new call is given up before it was judged, and nobody comes: it closes when that turn ends', async () => {
    const app = stage();
    const [first, second] = [new AbortController(), new AbortController()];
    await app.challenged({ signal: first.signal });
    first.abort();
    void watched(app.strongAuth.get('x', {}, { signal: second.signal }));
    await turn();
    second.abort();
    expect(isOpen(app)).toBe(true);
    await turn();
    expect([isOpen(app), app.status, app.clock.pending]).toEqual([false, 'cancelled', 0]);
  });

  test('by its deadline, or by cancel(), it closes at once', async () => {
    for (const how of ['deadline', 'cancel'] as const) {
      const app = stage();
      await app.challenged({ timeoutMs: 1000 });
      if (how === 'cancel') app.strongAuth.cancel();
      else await app.pass(1000);
      void watched(app.strongAuth.get('x'));
      expect(isOpen(app)).toBe(false);
    }
  });

  test('the PIN is given meanwhile: the new call, challenged after the grant, is replayed without a prompt', async () => {
    const app = stage();
    const controller = new AbortController();
    await app.challenged({ signal: controller.signal });
    controller.abort();
    const call = watched(app.strongAuth.get('x'));
    await turn();
    await app.type('1234');
    await app.answer(GRANT);
    await app.answer(CHALLENGE, 1);
    await app.answer(succeeded('late'));
    expect([call.value, app.user.prompts.length]).toEqual(['late', 1]);
  });
});

describe('28. what a keyboard makes of 1234', () => {
  test.each([
    ['1234 '],
    ['\u200e1234'],
    ['١٢٣٤'],
    ['۱۲۳۴'],
    ['１２３４'],
    ['१२३४'],
    ['\u202a1234\u202c'],
    ['\u00a01234\ufeff'],
    ['𝟏𝟐𝟑𝟒'],
    ['1\u200b2\u200b3\u200b4'],
    ['1٢۳４'],
  ])('%o', async (typed) => {
    const { challenged, pad, requestsOf } = padded();
    await challenged();
    pad.submit(typed);
    await settleDown();
    expect(requestsOf(OTP)[0]?.request.parameters?.pinCode).toBe('1234');
  });

  test.each([['12 34'], ['1234a'], ['①②③④'], ['一二三四'], ['12.34']])('%o is no PIN', async (typed) => {
    const { challenged, pad, shown, requestsOf } = padded();
    await challenged();
    pad.submit(typed);
    await settleDown();
    expect([requestsOf(OTP).length, shown().prompt?.reason]).toEqual([0, 'pinMalformed']);
  });

  test('leading zeros survive; a pad may read otherwise', async () => {
    const pad = createPinPad({ normalize: (typed) => typed.replaceAll('-', '') });
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    pad.submit('0-0-1-2');
    await settleDown();
    expect(app.requestsOf(OTP)[0]?.request.parameters?.pinCode).toBe('0012');
  });

  test('a normalize that throws surfaces, and what was typed is judged as it is', async () => {
    const pad = createPinPad({
      normalize: () => {
        throw new Error('normalize');
      },
    });
    const app = stage({ enterPin: pad.enterPin });
    await app.challenged();
    expect(await surfaced(() => pad.submit('1234'))).toMatchObject({ message: 'normalize' });
    expect(app.requestsOf(OTP)).toHaveLength(1);
  });
});

describe('30. how the PIN entry failed', () => {
  test('it throws: why, and the error surfaces', async () => {
    const error = new RangeError('no screen');
    const app = stage({ enterPin: () => Promise.reject(error) });
    const call = watched(app.strongAuth.get('x'));
    expect(await surfaced(() => app.answer(CHALLENGE))).toBe(error);
    expect(call.error).toMatchObject({
      code: 'PIN_ENTRY_FAILED',
      remedy: 'retry',
      details: { why: 'threw' },
    });
  });

  test.each([[1234], [true], [['1234']], [{ pin: '1234' }], [Symbol('1234')]])(
    'it answers %o: notAString',
    async (answer) => {
      const app = stage({ enterPin: async () => answer as never });
      const call = await app.challenged();
      expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', details: { why: 'notAString' } });
      expect(app.requestsOf(OTP)).toHaveLength(0);
    },
  );

  test('it answers ten digits, again and again: malformed', async () => {
    let asked = 0;
    const app = stage({
      enterPin: async () => {
        asked += 1;
        return '1234567890';
      },
    });
    const call = await app.challenged();
    await settleDown(60);
    expect(call.error).toMatchObject({ code: 'PIN_ENTRY_FAILED', details: { why: 'malformed' } });
    expect([asked, app.requestsOf(OTP).length]).toEqual([5, 0]);
  });
});

describe('32. a PIN entry that makes calls itself', () => {
  test('a challenged call: it settles, and does not wait for the PIN that waits for it', async () => {
    const simulator = createSimulator();
    const asked: unknown[] = [];
    const strongAuth = createStrongAuth({
      transport: fromPims(simulator),
      enterPin: async () => {
        asked.push(await strongAuth.set(COMMAND, { action: 'horn' }).catch((error) => error.code));
        return '1234';
      },
    });
    await strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' });
    expect(asked).toEqual(['INTERACTION_REQUIRED']);
    expect([simulator.car.isLocked, simulator.car.horns]).toEqual([true, 0]);
  });

  test('an ensure(): the same', async () => {
    const simulator = createSimulator();
    const asked: unknown[] = [];
    const strongAuth = createStrongAuth({
      transport: fromPims(simulator),
      enterPin: async () => {
        asked.push(await strongAuth.ensure().catch((error) => error.code));
        return '1234';
      },
    });
    await strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' });
    expect(asked).toEqual(['INTERACTION_REQUIRED']);
  });

  test.each(['call', 'ensure'] as const)(
    'a challenged %s after an await, with the signal of its prompt: the same',
    async (kind) => {
      const simulator = createSimulator();
      const asked: unknown[] = [];
      const strongAuth = createStrongAuth({
        transport: fromPims(simulator),
        enterPin: async ({ signal }) => {
          await settleDown();
          const made =
            kind === 'ensure'
              ? strongAuth.ensure({ signal })
              : strongAuth.set(COMMAND, { action: 'horn' }, { signal });
          asked.push(await made.catch((error) => error.code));
          return '1234';
        },
      });
      await strongAuth.set(COMMAND, { action: 'doors', doorState: 'lock' });
      expect(asked).toEqual(['INTERACTION_REQUIRED']);
    },
  );

  test('the signal of a prompt that is over makes no call its own', async () => {
    const signals: AbortSignal[] = [];
    const app = stage({
      enterPin: async ({ signal }) => {
        signals.push(signal);
        return '1234';
      },
    });
    const first = await app.challenged();
    await app.answer(GRANT);
    await app.answer(succeeded(1));
    const second = watched(app.strongAuth.get('x', {}, { signal: signals[0] }));
    await app.answer(CHALLENGE);
    await app.answer(GRANT);
    await app.answer(succeeded(2));
    expect([first.value, second.value, signals.length]).toEqual([1, 2, 2]);
  });

  test('a call that is not challenged is one like any other', async () => {
    const app = stage({
      enterPin: async () => {
        names.push(await app.strongAuth.get<unknown>('pims.user'));
        return '1234';
      },
    });
    const names: unknown[] = [];
    const call = await app.challenged();
    await app.answer(succeeded('Ann'));
    await app.answer(GRANT);
    await app.answer(succeeded('done'));
    expect([names, call.value]).toEqual([['Ann'], 'done']);
  });

  test('it may cancel, reset or dispose of the client that asks', async () => {
    for (const [how, fate] of [
      ['cancel', 'CANCELLED'],
      ['reset', 'SIGNED_OUT'],
      ['dispose', 'DISPOSED'],
    ] as const) {
      const app = stage({
        enterPin: async () => {
          app.strongAuth[how]();
          return '1234';
        },
      });
      const call = await app.challenged();
      expect([call.fate, app.requestsOf(OTP).length, app.clock.pending]).toEqual([fate, 0, 0]);
    }
  });
});
