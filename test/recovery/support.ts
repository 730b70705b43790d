import { fromPims } from 'strong-auth-machine';
import {
  createRecovery,
  isRecoveryError,
  type Recovery,
  type RecoveryFact,
  type RecoveryFlow,
  type RecoveryOptions,
  type RecoveryQuestion,
} from 'strong-auth-machine/recovery';
import {
  createManualClock,
  createSimulator,
  type ManualClock,
  type Simulator,
  type SimulatorOptions,
} from 'strong-auth-machine/simulator';
import { createScriptedTransport } from 'strong-auth-machine/testing';

/** A recovery on the simulated account, with the simulated person to answer. */
export interface Stage {
  readonly clock: ManualClock;
  readonly simulator: Simulator;
  readonly recovery: Recovery;
  readonly facts: RecoveryFact[];
}

export function createStage(account: SimulatorOptions = {}, options: Partial<RecoveryOptions> = {}): Stage {
  const clock = createManualClock(1_700_000_000_000);
  const simulator = createSimulator({ clock, ...account });
  const facts: RecoveryFact[] = [];
  const recovery = createRecovery({
    transport: fromPims(simulator),
    ask: simulator.answer,
    clock,
    onEvent: (fact) => facts.push(fact),
    ...options,
  });
  return { clock, simulator, recovery, facts };
}

/** What the SDK answers: well, or with an error. */
export const ok = (result?: object | null) => ({
  status: 'SUCCEEDED',
  ...(result !== undefined && { result }),
});
export const no = (code: number | string, label = 'refused') => ({
  status: 'FAILED',
  error: { code, label },
});

/** A recovery whose SDK and user answer when the test says so. */
export function createScript(options: Partial<RecoveryOptions> = {}) {
  const clock = createManualClock(1_700_000_000_000);
  const transport = createScriptedTransport();
  const questions: RecoveryQuestion[] = [];
  const facts: RecoveryFact[] = [];
  let answer: (given: unknown) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const recovery = createRecovery({
    transport,
    clock,
    ask: (question) => {
      questions.push(question);
      return new Promise((resolve, reject) => {
        answer = resolve as (given: unknown) => void;
        fail = reject;
      });
    },
    onEvent: (fact) => facts.push(fact),
    ...options,
  });
  return {
    clock,
    transport,
    recovery,
    facts,
    questions,
    /** The question that was asked last. */
    get question() {
      return questions.at(-1) as RecoveryQuestion;
    },
    async begin(flow: RecoveryFlow) {
      const outcome = outcomeOf(recovery[flow]());
      await turn();
      return outcome;
    },
    /** The SDK answers the last request that is unanswered. */
    async respond(message: unknown) {
      transport.unanswered().resolve(message);
      await turn();
    },
    /** The user answers the last question. */
    async answer(given: unknown) {
      answer(given);
      await turn();
    },
    async fail(error: unknown) {
      fail(error);
      await turn();
    },
  };
}

/** Lets every microtask run that is due. */
export async function turn(): Promise<void> {
  for (let step = 0; step < 16; step += 1) await Promise.resolve();
}

/** How a promise has ended, in a word: `done`, the code of its error, or that it has not. */
export function outcomeOf(promise: Promise<unknown>): { readonly now: string } {
  const outcome = { now: 'pending' };
  promise.then(
    () => {
      outcome.now = 'done';
    },
    (error: unknown) => {
      outcome.now = isRecoveryError(error) ? error.code : String(error);
    },
  );
  return outcome;
}

/** Lets time pass until the promise has settled. @returns How. */
export async function settle(
  { clock }: Pick<Stage, 'clock'>,
  promise: Promise<unknown>,
  { stepMs = 1_000, steps = 3_000 }: { readonly stepMs?: number; readonly steps?: number } = {},
): Promise<string> {
  const outcome = outcomeOf(promise);
  for (let step = 0; step < steps; step += 1) {
    await turn();
    if (outcome.now !== 'pending') break;
    clock.advance(stepMs);
  }
  return outcome.now;
}

/** A device that is not enrolled on the SDK's side. */
export const NOT_ENROLLED = { refuses: 2312, until: 'never' } as const;

export const FLOWS: readonly RecoveryFlow[] = ['enrollDevice', 'unblockAccount', 'resetPin', 'changePin'];

/** A question that stays open until the test answers. */
export function createDesk() {
  const questions: (RecoveryQuestion & { answer(given: unknown): void })[] = [];
  const ask = (question: RecoveryQuestion) =>
    new Promise<string | boolean | null>((resolve) => {
      questions.push(Object.assign(question, { answer: resolve as (given: unknown) => void }));
    });
  return {
    ask,
    questions,
    get last() {
      return questions[questions.length - 1] as (typeof questions)[number];
    },
  };
}
