import { fromPims } from 'strong-auth-machine';
import {
  type AskInput,
  createRecovery,
  createRecoveryPad,
  type RecoveryQuestion,
} from 'strong-auth-machine/recovery';
import { createManualClock, createSimulator, type SimulatorOptions } from 'strong-auth-machine/simulator';
import { recoveryPadStore, recoveryStore } from 'strong-auth-machine/svelte';
import { useRecovery, useRecoveryPad } from 'strong-auth-machine/vue';
import { describe, expect, test } from 'vitest';
import { effectScope } from 'vue';
import { outcomeOf, turn } from './support.js';

const NOT_ENROLLED: SimulatorOptions = { device: { refuses: 2312, until: 'never' } };

function createScreen(account = NOT_ENROLLED) {
  const clock = createManualClock(1_700_000_000_000);
  const simulator = createSimulator({ clock, ...account });
  const pad = createRecoveryPad({ clock });
  const recovery = createRecovery({ transport: fromPims(simulator), ask: pad.ask, clock });
  return { clock, simulator, pad, recovery };
}

describe('the pad', () => {
  test('shows each question with what its field needs, and closes in between', async () => {
    const { simulator, pad, recovery } = createScreen({ hasPin: false, phoneNumber: null, blocked: true });
    const outcome = outcomeOf(recovery.enrollDevice());
    const fields: unknown[] = [];
    const answers: Record<string, () => string | true> = {
      confirmRemoval: () => true,
      phoneNumber: () => '+33 6 11 11 11 11',
      smsCode: () => simulator.smsCode as string,
      newPin: () => '٢٥٨٠', // 2580
    };
    for (let step = 0; step < 8; step += 1) {
      await turn();
      const view = pad.view.getSnapshot();
      if (view.phase === 'closed') continue;
      fields.push([view.question.kind, view.field?.type, view.field?.inputMode, view.field?.autoComplete]);
      pad.submit(answers[view.question.kind]?.() as string, view.question);
      expect(pad.view.getSnapshot()).toEqual({ phase: 'closed' });
    }
    expect(outcome.now).toBe('done');
    expect(fields).toEqual([
      ['confirmRemoval', undefined, undefined, undefined],
      ['phoneNumber', 'tel', 'tel', 'tel'],
      ['smsCode', 'text', 'numeric', 'one-time-code'],
      ['newPin', 'password', 'numeric', 'off'],
    ]);
  });

  test('counts down to another SMS, and sends it once', async () => {
    const { clock, simulator, pad, recovery } = createScreen();
    void recovery.enrollDevice().catch(() => {});
    await turn();
    const seconds = () => pad.view.getSnapshot().resendInSeconds;
    expect([seconds(), pad.resend()]).toEqual([30, false]);
    const seen: unknown[] = [];
    pad.view.subscribe(() => seen.push(seconds()));
    clock.advance(30_000);
    expect(seen).toEqual(Array.from({ length: 30 }, (_, index) => 29 - index));
    expect([pad.resend(), pad.resend()]).toEqual([true, false]);
    await turn();
    expect([simulator.enrolment.smsSent, seconds()]).toEqual([2, undefined]);
    recovery.dispose();
    expect(clock.pending).toBe(0);
  });

  test('an answer to another question changes nothing', async () => {
    const { simulator, pad, recovery } = createScreen();
    const outcome = outcomeOf(recovery.enrollDevice());
    await turn();
    const { question } = pad.view.getSnapshot();
    pad.submit('');
    pad.submit(simulator.smsCode as string, question);
    await turn();
    pad.cancel(question);
    pad.submit('4242', question);
    expect(pad.view.getSnapshot().question?.kind).toBe('pin');
    pad.cancel({} as never); // the event of a button
    await turn();
    expect([outcome.now, pad.view.getSnapshot().phase]).toEqual(['CANCELLED', 'closed']);
  });

  test.each<[string, (screen: ReturnType<typeof createScreen>) => AskInput | undefined]>([
    ['a copy of the question', ({ pad }) => ({ ...(pad.view.getSnapshot().question as AskInput) })],
    [
      'the question that the view of the recovery shows',
      ({ recovery }) => recovery.view.getSnapshot().question,
    ],
  ])('%s is answered, and a later question is not', async (_, shown) => {
    const screen = createScreen();
    const { simulator, pad, recovery } = screen;
    const outcome = outcomeOf(recovery.enrollDevice());
    await turn();
    const question = shown(screen);
    pad.submit(simulator.smsCode as string, question);
    await turn();
    pad.cancel(question);
    pad.submit('4242', question);
    expect(pad.view.getSnapshot().question?.kind).toBe('pin');
    pad.submit('1234', shown(screen));
    await turn();
    expect(outcome.now).toBe('done');
  });

  test.each(['click', 1, true, Symbol('click')])(
    '%o is no question: cancel declines what is asked',
    async (given) => {
      const { pad, recovery } = createScreen();
      const outcome = outcomeOf(recovery.enrollDevice());
      await turn();
      pad.cancel(given as never);
      await turn();
      expect(outcome.now).toBe('CANCELLED');
    },
  );

  test('options that make no sense are refused', () => {
    for (const wrong of [
      { clok: createManualClock() },
      { clock: {} },
      null,
      Object.create({ normalize: String }),
    ]) {
      expect(() => createRecoveryPad(wrong as never), String(wrong)).toThrow(TypeError);
    }
  });

  /** A question of a recovery that only exists here. */
  function createQuestion(kind: 'pin' | 'smsCode', more: Partial<RecoveryQuestion> = {}) {
    const controller = new AbortController();
    const question: RecoveryQuestion = {
      ...{ kind, attempt: 1, attemptsLeft: 2, reason: 'needed', signal: controller.signal },
      ...more,
    };
    return { question, controller };
  }

  test('for the PIN of the account hides what is typed, and takes no answer twice', async () => {
    const pad = createRecoveryPad();
    pad.submit('1234');
    pad.cancel();
    expect([pad.view.getSnapshot(), pad.resend()]).toEqual([{ phase: 'closed' }, false]);
    const { question, controller } = createQuestion('pin');
    const answer = pad.ask(question);
    const view = pad.view.getSnapshot();
    expect(view).toEqual({
      ...{ phase: 'asking', question },
      field: { type: 'password', inputMode: 'numeric', autoComplete: 'off' },
    });
    expect([Object.isFrozen(view), pad.resend()]).toEqual([true, false]);
    pad.submit(' 1234 ');
    const later = createQuestion('smsCode').question;
    const second = pad.ask(later);
    controller.abort(); // of a question that was answered
    expect(pad.view.getSnapshot().question).toBe(later);
    pad.cancel();
    expect([await answer, await second]).toEqual(['1234', null]);
  });

  test('does not open for a question that is not wanted any more', async () => {
    const pad = createRecoveryPad();
    expect(await pad.ask(createQuestion('pin', { signal: AbortSignal.abort() }).question)).toBeNull();
    expect(pad.view.getSnapshot().phase).toBe('closed');
  });

  test('declines what a recovery has forgotten, when another one asks', async () => {
    const pad = createRecoveryPad();
    const forgotten = pad.ask(createQuestion('pin').question);
    const { question, controller } = createQuestion('smsCode');
    const answer = pad.ask(question);
    expect([await forgotten, pad.view.getSnapshot().question]).toEqual([null, question]);
    controller.abort();
    expect([await answer, pad.view.getSnapshot().phase]).toEqual([null, 'closed']);
  });

  test('counts whole seconds, and none below 0', () => {
    const clock = createManualClock(1_700_000_000_000);
    const pad = createRecoveryPad({ clock });
    const secondsUntil = (resendAt: number) => {
      void pad.ask(createQuestion('smsCode', { resendAt }).question);
      return pad.view.getSnapshot().resendInSeconds;
    };
    expect([-5_000, 0, 1, 1_000, 1_001].map((ms) => secondsUntil(clock.now() + ms))).toEqual([0, 0, 1, 1, 2]);
    const told: unknown[] = [];
    const stop = pad.view.subscribe(({ resendInSeconds }) => told.push(resendInSeconds));
    clock.advance(3_000);
    expect([told, clock.pending]).toEqual([[1, 0], 0]);
    stop();
    pad.cancel();
    expect(told.length).toBe(2);
  });

  test('closes when the question is not wanted any more', async () => {
    const { pad, recovery } = createScreen();
    const outcome = outcomeOf(recovery.enrollDevice());
    await turn();
    recovery.reset();
    await turn();
    expect([outcome.now, pad.view.getSnapshot().phase]).toEqual(['SIGNED_OUT', 'closed']);
  });
});

test('a Svelte store tells what is asked, and answers it', async () => {
  const { simulator, pad, recovery } = createScreen();
  const [views, shown]: [string[], string[]] = [[], []];
  let submit: (answer: string) => void = () => {};
  recoveryStore(recovery).subscribe(({ status }) => views.push(status));
  const stop = recoveryPadStore(pad).subscribe((control) => {
    shown.push(control.question?.kind ?? control.phase);
    submit = control.submit;
  });
  const outcome = outcomeOf(recovery.enrollDevice());
  await turn();
  submit(simulator.smsCode as string);
  await turn();
  submit('1234');
  await turn();
  stop();
  expect([outcome.now, shown, views.at(-1)]).toEqual([
    'done',
    ['closed', 'smsCode', 'closed', 'pin', 'closed'],
    'done',
  ]);
});

test('a Vue composable tells what is asked, and answers it, until its scope ends', async () => {
  const { simulator, pad, recovery } = createScreen();
  const scope = effectScope();
  const [view, control] = scope.run(() => [useRecovery(recovery), useRecoveryPad(pad)] as const) as never as [
    ReturnType<typeof useRecovery>,
    ReturnType<typeof useRecoveryPad>,
  ];
  const outcome = outcomeOf(recovery.enrollDevice());
  await turn();
  expect(control.value).toMatchObject({
    phase: 'asking',
    question: { kind: 'smsCode' },
    resendInSeconds: 30,
  });
  control.value.submit(simulator.smsCode as string);
  await turn();
  control.value.submit('1234');
  await turn();
  expect([outcome.now, view.value.status]).toEqual(['done', 'done']);
  scope.stop();
});
