import { styleText } from 'node:util';
import type { StrongAuth, StrongAuthFact } from 'strong-auth-machine';
import type { RecoveryFact } from 'strong-auth-machine/recovery';

const isColourful = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (style: Parameters<typeof styleText>[0], text: string) =>
  isColourful ? styleText(style, text) : text;

/** @returns A number of things: `1 prompt`, `2 prompts`. */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Prints what happens as it happens, each line with the milliseconds since the beginning. */
export class Timeline {
  private readonly startedAt = Date.now();
  private status = 'idle';

  /** Prints every change of the status. */
  watch({ view }: StrongAuth): void {
    view.subscribe(({ status }) => {
      if (status === this.status) return;
      const change = `${this.status} → ${paint('bold', status)}`;
      this.status = status;
      // Facts come in a microtask; the state that follows from one is to stand below it.
      queueMicrotask(() => this.print('state', change));
    });
  }

  /** Prints a fact, if it says more than the states do. */
  readonly fact = (fact: StrongAuthFact): void => {
    const text = describe(fact);
    if (text) this.print(text[0], text[1]);
  };

  /** Prints a fact of a recovery. */
  readonly recoveryFact = (fact: RecoveryFact): void => {
    const text = describeRecovery(fact);
    if (text) this.print('cure', text);
  };

  /** Prints who answers a prompt, below the fact that it was asked, which comes in a microtask. */
  answeredBy(who: string): void {
    queueMicrotask(() => this.print('user', `answered by ${who}`));
  }

  private print(kind: string, text: string): void {
    const time = `+${Date.now() - this.startedAt} ms`.padStart(9);
    console.log(`${paint('dim', time)}  ${paint('cyan', kind.padEnd(5))}  ${text}`);
  }
}

/** @returns What kind of thing a fact is about, and the fact in words. */
function describe(fact: StrongAuthFact): [kind: string, text: string] | undefined {
  switch (fact.type) {
    case 'callStarted':
      return ['call', `#${fact.id} ${fact.verb} ${fact.api}`];
    case 'challenged':
      return ['call', `#${fact.id} challenged: ${paint('yellow', '2302, Need Strong Authentication')}`];
    case 'pinRequested':
      return [
        'user',
        `asked for the PIN (${fact.reason}, ${counted(fact.attemptsLeft, 'attempt')} left, ${counted(fact.waiting, 'call')} waiting)`,
      ];
    case 'pinAnswered':
      return ['user', `PIN ${fact.outcome} after ${Math.round(fact.durationMs)} ms`];
    case 'otpRequested':
      return ['otp', `requested with the PIN${fact.resetStep ? ' and resetStep' : ''}`];
    case 'otpGranted':
      return ['otp', paint('green', `granted after ${Math.round(fact.durationMs)} ms`)];
    case 'otpDenied':
      return ['otp', paint('yellow', `${fact.verdict}${fact.otpCode ? ` (${fact.otpCode})` : ''}`)];
    case 'replayed':
      return ['call', `#${fact.id} sent again`];
    case 'settled':
      return [
        'call',
        `#${fact.id} ${fact.outcome}${fact.code ? ` with ${fact.code}` : ''} after ${Math.round(fact.durationMs)} ms`,
      ];
    default:
      return undefined;
  }
}

/** @returns A fact of a recovery in words. */
function describeRecovery(fact: RecoveryFact): string | undefined {
  switch (fact.type) {
    case 'flowStarted':
      return paint('bold', fact.flow);
    case 'asked':
      return `asks for ${fact.kind} (${fact.reason}, ${counted(fact.attemptsLeft, 'attempt')} left)`;
    case 'answered':
      return `${fact.kind} ${fact.outcome} after ${Math.round(fact.durationMs)} ms`;
    case 'smsRequested':
      return `an SMS is sent (${fact.purpose})`;
    case 'responded':
      return `${fact.request}: ${fact.outcome}${fact.apiCode ? ` (${fact.apiCode})` : ''}`;
    case 'flowEnded':
      return paint(
        fact.code ? 'yellow' : 'green',
        `${fact.flow} ended ${fact.code ? `with ${fact.code}` : 'with an enrolled device'}`,
      );
    default:
      return undefined;
  }
}

/** Prints whether what should have happened did. @returns Whether all of it did. */
export function conclude(checks: readonly (readonly [string, boolean])[]): boolean {
  console.log();
  for (const [claim, holds] of checks)
    console.log(`${holds ? paint('green', '✓') : paint('red', '✗')} ${claim}`);
  return checks.every(([, holds]) => holds);
}
