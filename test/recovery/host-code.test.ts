import { fromPims } from 'strong-auth-machine';
import { createRecovery } from 'strong-auth-machine/recovery';
import { createManualClock } from 'strong-auth-machine/simulator';
import { describe, expect, test, vi } from 'vitest';
import { createStage, NOT_ENROLLED, settle } from './support.js';
import { surfaced } from './surfaced.js';

describe('host code', () => {
  test.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken'))],
  ])('an ask that %s ends the flow, and its error surfaces', async (_, ask) => {
    const errors = surfaced();
    const stage = createStage({ device: NOT_ENROLLED }, { ask: ask as never });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('ASK_FAILED');
    expect(errors.map(String)).toEqual(['Error: broken']);
  });

  test.each(['AbortError', 'NotAllowedError'])('an ask that rejects with an %s declines', async (name) => {
    const ask = () => Promise.reject(Object.assign(new Error('no'), { name }));
    const stage = createStage({ device: NOT_ENROLLED }, { ask });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('CANCELLED');
  });

  test('five answers that cannot be right end the flow; none was sent', async () => {
    const ask = vi.fn(async () => 'x');
    const stage = createStage({ device: NOT_ENROLLED }, { ask });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('ASK_FAILED');
    expect(ask).toHaveBeenCalledTimes(5);
    expect(stage.simulator.effects.executionsOf({ verb: 'set' })).toBe(0);
  });

  test.each(['+33 6 12 34 56 78', '06.12.34.56.78', '(555) 123-4567', '+1 (555) 123-4567'])(
    '%s is taken for a phone number',
    async (number) => {
      const asked: string[] = [];
      const stage = createStage(
        { hasPin: false, phoneNumber: null },
        {
          ask(question) {
            asked.push(`${question.kind} ${question.reason}`);
            return question.kind === 'phoneNumber' && asked.length === 1 ? number : null;
          },
        },
      );
      expect(await settle(stage, stage.recovery.enrollDevice())).toBe('CANCELLED');
      expect(asked).toEqual(['phoneNumber needed', 'smsCode needed']);
    },
  );

  test('an answer that throws when it is looked at ends the flow', async () => {
    const errors = surfaced();
    const hostile = new Proxy(
      {},
      {
        get: () => {
          throw new Error('hostile');
        },
      },
    );
    const stage = createStage({ device: NOT_ENROLLED }, { ask: () => hostile as never });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('ASK_FAILED');
    expect(errors.length).toBeGreaterThan(0);
  });

  test('an ask that calls back in the middle is survived', async () => {
    for (const method of ['cancel', 'reset', 'dispose'] as const) {
      const stage = createStage(
        { device: NOT_ENROLLED },
        {
          ask: () => {
            stage.recovery[method]();
            return new Promise(() => {});
          },
        },
      );
      const outcome = await settle(stage, stage.recovery.enrollDevice());
      expect(outcome).toBe({ cancel: 'CANCELLED', reset: 'SIGNED_OUT', dispose: 'DISPOSED' }[method]);
    }
  });

  test('options that make no sense are refused', () => {
    const transport = fromPims(createStage().simulator);
    const right = { transport, ask: () => null, clock: createManualClock() };
    for (const wrong of [
      undefined,
      { ...right, transport: undefined },
      { ...right, ask: 'me' },
      { ...right, onEvent: 1 },
      { ...right, clock: {} },
      { ...right, inspect: 1 },
      { ...right, enterPin: () => null },
      { ...right, policy: 1 },
      { ...right, policy: { maxPinAttempts: 0 } },
      { ...right, policy: { smsBudget: { max: 0, perMs: 1 } } },
      { ...right, policy: { pinPattern: '\\d' } },
      { ...right, policy: { unknown: 1 } },
      { ...right, policy: { resendAfterMs: -1 } },
    ]) {
      expect(() => createRecovery(wrong as never), JSON.stringify(wrong)).toThrow(TypeError);
    }
    expect(() => createRecovery(right)).not.toThrow();
  });

  test('options of a flow that make no sense reject', async () => {
    const { recovery, simulator } = createStage();
    for (const wrong of [{ signal: 1 }, { timeoutMs: 1 }, 1, null]) {
      await expect(recovery.enrollDevice(wrong as never)).rejects.toThrow(TypeError);
    }
    await expect(recovery.enrollDevice({ signal: AbortSignal.abort('no') })).rejects.toBe('no');
    expect(simulator.effects.requests).toEqual([]);
  });
});
