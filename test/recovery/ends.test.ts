import { isRecoveryError } from 'strong-auth-machine/recovery';
import { describe, expect, test } from 'vitest';
import { createDesk, createStage, FLOWS, NOT_ENROLLED, outcomeOf, settle, turn } from './support.js';

describe('two at once', () => {
  test('callers of the same flow share it; another flow is refused, and disturbs nothing', async () => {
    const stage = createStage({ device: NOT_ENROLLED });
    const { recovery } = stage;
    const [one, two] = [recovery.enrollDevice(), recovery.enrollDevice()];
    const other = await recovery.resetPin().catch((error: unknown) => error);
    expect(isRecoveryError(other) && [other.code, other.details]).toEqual([
      'BUSY',
      { running: 'enrollDevice' },
    ]);
    expect([await settle(stage, one), await settle(stage, two)]).toEqual(['done', 'done']);
    expect(stage.simulator.enrolment.smsSent).toBe(1);
  });

  test('who gives up rejects with the reason of the signal; the flow goes on for the other', async () => {
    const desk = createDesk();
    const stage = createStage({ device: NOT_ENROLLED }, { ask: desk.ask });
    const [one, two] = [new AbortController(), new AbortController()];
    const first = outcomeOf(stage.recovery.enrollDevice({ signal: one.signal }));
    const second = outcomeOf(stage.recovery.enrollDevice({ signal: two.signal }));
    await turn();
    one.abort('gone');
    await turn();
    expect([first.now, second.now, desk.last.signal.aborted]).toEqual(['gone', 'pending', false]);
    two.abort('gone too');
    stage.clock.advance(0);
    await turn();
    expect([second.now, desk.last.signal.aborted]).toEqual(['gone too', true]);
    expect(stage.recovery.view.getSnapshot()).toMatchObject({
      status: 'cancelled',
      failure: { code: 'CANCELLED', remedy: 'retry' },
    });
  });

  test('an effect that runs twice keeps its question', async () => {
    const desk = createDesk();
    const stage = createStage({ device: NOT_ENROLLED }, { ask: desk.ask });
    const first = new AbortController();
    stage.recovery.enrollDevice({ signal: first.signal }).catch(() => {});
    await turn();
    first.abort();
    const again = outcomeOf(stage.recovery.enrollDevice());
    stage.clock.advance(0);
    await turn();
    expect([again.now, desk.questions.length, desk.last.signal.aborted]).toEqual(['pending', 1, false]);
  });
});

describe('what ends a flow in any of its steps', () => {
  const ends = {
    cancel: ['CANCELLED', 'cancelled'],
    reset: ['SIGNED_OUT', 'idle'],
    dispose: ['DISPOSED', 'closed'],
  } as const;

  test.each(Object.entries(ends))('%s', async (how, [code, status]) => {
    for (const flow of FLOWS) {
      // As many steps as there are requests and questions; at each of them it is ended once.
      for (let steps = 0, isOver = false; !isOver; steps += 1) {
        const stage = createStage({ blocked: true, phoneNumber: null, pinAfterRemoval: 'gone' });
        const { recovery, simulator } = stage;
        const outcome = outcomeOf(recovery[flow]());
        const changes: string[] = [];
        recovery.view.subscribe((view) => {
          changes.push(view.status);
          if (changes.length === steps + 1) recovery[how as 'cancel']();
        });
        await turn();
        if (outcome.now === 'pending') {
          await settle(stage, new Promise(() => {}), { steps: 40 });
        }
        isOver = changes.length <= steps;
        if (isOver) break;
        const told = `${flow} in step ${steps}: ${changes.join(', ')}`;
        if (['done', 'failed'].includes(changes[steps] as string)) continue;
        expect(outcome.now, told).toBe(code);
        expect(recovery.view.getSnapshot().status, told).toBe(status);
        const { length } = simulator.effects.requests;
        await settle(stage, new Promise(() => {}), { steps: 3 });
        expect(simulator.effects.requests.length, `${told}: nothing is sent any more`).toBe(length);
        expect(stage.clock.pending, told).toBe(0);
      }
    }
  });

  test('a late answer of a flow that is over changes nothing, and the next flow waits for it', async () => {
    const stage = createStage({ device: NOT_ENROLLED });
    const held = stage.simulator.hold({ api: 'pims.subscription.steps' });
    const first = outcomeOf(stage.recovery.enrollDevice());
    await turn();
    stage.recovery.cancel();
    await turn();
    expect(first.now).toBe('CANCELLED');
    const second = stage.recovery.enrollDevice();
    await turn();
    expect(stage.simulator.effects.requests.length).toBe(1);
    held.release();
    expect(await settle(stage, second)).toBe('done');
  });

  test('after dispose every flow rejects', async () => {
    const stage = createStage();
    stage.recovery.dispose();
    stage.recovery.dispose();
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('DISPOSED');
    expect(stage.recovery.view.getSnapshot().status).toBe('closed');
  });

  test('a host that stops the actor itself leaves nobody waiting', async () => {
    const stage = createStage({ device: NOT_ENROLLED }, { ask: () => new Promise(() => {}) });
    const outcome = outcomeOf(stage.recovery.enrollDevice());
    await turn();
    stage.recovery.actor.stop();
    await turn();
    expect([outcome.now, stage.recovery.view.getSnapshot().status]).toEqual(['DISPOSED', 'closed']);
  });

  test('signing out says why', async () => {
    const stage = createStage({ device: NOT_ENROLLED }, { ask: () => new Promise(() => {}) });
    const ended = stage.recovery.enrollDevice().catch((error: unknown) => error);
    await turn();
    stage.recovery.reset('switched');
    const error = await ended;
    expect(isRecoveryError(error) && error.toJSON()).toEqual({
      name: 'RecoveryError',
      message: 'enrollDevice ended with SIGNED_OUT',
      code: 'SIGNED_OUT',
      remedy: 'signIn',
      details: { reason: 'switched' },
      flow: 'enrollDevice',
    });
  });
});
