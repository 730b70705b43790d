import { describe, expect, test, vi } from 'vitest';
import { ENROLLED, play } from './play.js';
import { createScript, no, ok, outcomeOf, turn } from './support.js';
import { surfaced } from './surfaced.js';

/*
 * Hosts as they are: transports that fail, stores that are slow, signals that throw, code that calls back in the middle.
 */

const NOW = 1_700_000_000_000;
const activated = ok({ isDeviceActivated: true });

describe('a transport', () => {
  test.each([
    ['rejects with the answer of the SDK', () => Promise.reject(no(2202)), 'OFFLINE'],
    ['rejects with an error of its own', () => Promise.reject(new Error('broken')), 'OUTCOME_UNKNOWN'],
    [
      'throws',
      () => {
        throw new Error('broken');
      },
      'OUTCOME_UNKNOWN',
    ],
    ['answers at once', () => activated, 'done'],
  ])('that %s', async (_, send, ended) => {
    const transport = { send: send as never };
    expect((await play('enrollDevice', {}, { transport })).ended).toBe(ended);
  });

  test('is told that an answer is not wanted any more, by the signal of the request', async () => {
    const script = createScript();
    await script.begin('changePin');
    const [first] = script.transport.requests;
    await script.respond(activated);
    await script.answer('1234');
    await script.answer('2580');
    const [, second] = script.transport.requests;
    expect([first?.signal.aborted, second?.signal.aborted]).toEqual([false, false]);
    script.recovery.cancel();
    expect([first?.signal.aborted, second?.signal.aborted]).toEqual([false, true]);
  });

  test('that still works on a request of a flow that is over is sent nothing, also not by a flow that is over too', async () => {
    const script = createScript();
    await script.begin('changePin');
    script.recovery.cancel();
    await script.begin('resetPin');
    script.recovery.cancel();
    await script.respond(activated);
    script.clock.advance(60_000);
    await turn();
    expect([script.transport.requests.length, script.clock.pending]).toEqual([1, 0]);
    const third = await script.begin('changePin');
    await script.respond(activated);
    expect([third.now, script.question.kind]).toEqual(['pending', 'pin']);
  });

  test('that answers after the time limit changes nothing', async () => {
    const script = createScript();
    await script.begin('changePin');
    await script.respond(activated);
    await script.answer('1234');
    await script.answer('2580');
    script.clock.advance(30_000);
    await turn();
    const view = script.recovery.view.getSnapshot();
    expect(view.failure).toEqual({ code: 'OUTCOME_UNKNOWN', remedy: 'checkState' });
    const told = script.facts.length;
    await script.respond(ok());
    expect([script.recovery.view.getSnapshot(), script.facts.length]).toEqual([view, told]);
  });
});

describe('a store of the SMS', () => {
  const until = async (storeOf: (script: ReturnType<typeof createScript>) => object) => {
    const store = {
      load: (): number[] => storeOfScript().load(),
      save: (times: number[]): void => storeOfScript().save(times),
    };
    const script = createScript({ policy: { smsBudget: { max: 2, perMs: 60_000, store } } });
    const storeOfScript = () => storeOf(script) as typeof store;
    const outcome = await script.begin('resetPin');
    await script.respond(activated);
    return { script, outcome };
  };

  test('is told of an SMS before it leaves', async () => {
    const seen: unknown[] = [];
    const { script } = await until(({ transport }) => ({
      load: () => [],
      save: (times: number[]) => seen.push(times, transport.requests.length),
    }));
    expect([seen, script.transport.requests.length]).toEqual([[[NOW], 1], 2]);
  });

  test('that is slow lets no SMS leave after a cancel', async () => {
    let load: (times: number[]) => void = () => {};
    const loading = new Promise<number[]>((resolve) => {
      load = resolve;
    });
    const { script, outcome } = await until(() => ({ load: () => loading, save: () => {} }));
    script.recovery.cancel();
    load([]);
    await turn();
    expect([outcome.now, script.transport.requests.length, script.clock.pending]).toEqual([
      'CANCELLED',
      1,
      0,
    ]);
  });

  test('that cancels the flow in the middle lets no SMS leave, and the next flow need not wait for it', async () => {
    const { script, outcome } = await until(({ recovery }) => ({
      load: () => [],
      save: () => recovery.cancel(),
    }));
    expect([outcome.now, script.transport.requests.length]).toEqual(['CANCELLED', 1]);
    await script.begin('changePin');
    expect(script.transport.requests.length).toBe(2);
  });
});

describe('an answer of the user', () => {
  test('is sent without the white space around it', async () => {
    const { requests } = await play('changePin', { ...ENROLLED, pin: ' 1234\n', newPin: '\t2580 ' });
    expect(requests.at(-1)?.parameters).toMatchObject({ oldPIN: '1234', newPIN: '2580' });
  });

  test('is not what the engine remembers as the last text that a pattern matched', async () => {
    const script = createScript();
    await script.begin('changePin');
    await script.respond(activated);
    await script.answer('70416253');
    expect(RegExp.input).not.toContain('70416253');
  });

  test('that comes after the end changes nothing, and a late error surfaces', async () => {
    const errors = surfaced();
    const script = createScript();
    await script.begin('changePin');
    await script.respond(activated);
    script.recovery.cancel();
    await turn();
    const told = script.facts.length;
    await script.fail(new Error('late'));
    expect([script.facts.length, errors.map(String)]).toEqual([told, ['Error: late']]);
    const again = createScript();
    await again.begin('changePin');
    await again.respond(activated);
    again.recovery.cancel();
    await turn();
    await again.answer('1234');
    expect(again.facts.at(-1)?.type).toBe('flowEnded');
  });

  test('is forgotten when it is asked for again', async () => {
    const script = createScript({ policy: { smsBudget: { max: 3, perMs: 60_000 }, resendAfterMs: 0 } });
    await script.begin('resetPin');
    await script.respond(activated);
    await script.respond(ok());
    await script.answer('2000');
    await script.answer('2580');
    await script.respond(no(2305));
    script.question.resend?.();
    await turn();
    await script.respond(no(2000));
    // Of a code that is still known, an echo would not be told.
    expect(script.facts.at(-1)).toMatchObject({ type: 'responded', apiCode: 2000 });
  });
});

describe('a caller', () => {
  const broken = () => ({
    aborted: false,
    addEventListener() {
      throw new Error('broken');
    },
    removeEventListener() {},
  });

  test('whose signal cannot be listened to rejects, and the flow that nobody waits for ends', async () => {
    const script = createScript();
    await expect(script.recovery.changePin({ signal: broken() as never })).rejects.toThrow('broken');
    script.clock.advance(0);
    await turn();
    expect(script.recovery.view.getSnapshot().status).toBe('cancelled');
  });

  test('whose signal cannot be listened to disturbs no other', async () => {
    const script = createScript();
    const outcome = await script.begin('changePin');
    await expect(script.recovery.changePin({ signal: broken() as never })).rejects.toThrow('broken');
    script.clock.advance(0);
    await turn();
    expect(outcome.now).toBe('pending');
    expect(script.recovery.explain().callers).toBe(1);
  });

  test('leaves no listener on its signal when the flow has ended', async () => {
    const listeners = new Set<unknown>();
    const signal = {
      aborted: false,
      addEventListener: (_: string, listener: unknown) => listeners.add(listener),
      removeEventListener: (_: string, listener: unknown) => listeners.delete(listener),
    };
    const script = createScript();
    const outcome = outcomeOf(script.recovery.changePin({ signal: signal as never }));
    await turn();
    expect(listeners.size).toBe(1);
    script.recovery.cancel();
    await turn();
    expect([outcome.now, listeners.size]).toEqual(['CANCELLED', 0]);
  });

  test('that joins later begins nothing, and shares the end', async () => {
    const script = createScript();
    await script.begin('changePin');
    script.clock.advance(500);
    const second = await script.begin('changePin');
    expect(script.recovery.explain().callers).toBe(2);
    script.clock.advance(500);
    script.recovery.cancel();
    await turn();
    expect(second.now).toBe('CANCELLED');
    expect(script.facts.filter(({ type }) => /^flow/.test(type))).toEqual([
      { at: NOW, type: 'flowStarted', flow: 'changePin' },
      { at: NOW + 1_000, type: 'flowEnded', flow: 'changePin', code: 'CANCELLED', durationMs: 1_000 },
    ]);
  });
});

describe('the recovery', () => {
  test('ends for good, and says why, when a host takes away what it needs', async () => {
    const errors = surfaced();
    const script = createScript();
    const outcome = await script.begin('changePin');
    vi.stubGlobal(
      'AbortController',
      class {
        constructor() {
          throw new Error('no AbortController');
        }
      },
    );
    await script.respond(activated);
    expect([outcome.now, script.recovery.view.getSnapshot().status]).toEqual(['DISPOSED', 'closed']);
    expect(errors.map(String)).toContain('Error: no AbortController');
  });

  test('that is over ignores cancel, reset and dispose without a word', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { recovery } = createScript();
    recovery[Symbol.dispose]();
    recovery.cancel();
    recovery.reset();
    recovery.dispose();
    expect([warn.mock.calls, recovery.view.getSnapshot().status]).toEqual([[], 'closed']);
    warn.mockRestore();
  });

  test('gives the reason of a sign-out to that sign-out only', async () => {
    const script = createScript();
    const detailsAfter = async (end: () => void) => {
      const ended = script.recovery.changePin().catch(({ code, details }) => [code, details]);
      await turn();
      end();
      return ended;
    };
    const { recovery } = script;
    expect(await detailsAfter(() => recovery.reset('switched'))).toEqual([
      'SIGNED_OUT',
      { reason: 'switched' },
    ]);
    expect(await detailsAfter(() => recovery.cancel())).toEqual(['CANCELLED', {}]);
    expect(await detailsAfter(() => recovery.reset())).toEqual(['SIGNED_OUT', {}]);
  });

  test('shows the machine to an inspector, whose errors surface', async () => {
    const errors = surfaced();
    const types: string[] = [];
    const script = createScript({
      inspect: (event) => {
        types.push(event.type);
        if (types.length === 1) throw new Error('broken');
      },
    });
    await script.begin('changePin');
    expect(types).toContain('@xstate.snapshot');
    expect([script.recovery.view.getSnapshot().status, errors.map(String)]).toEqual([
      'readingDevice',
      ['Error: broken'],
    ]);
  });
});
