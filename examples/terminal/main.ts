import password from '@inquirer/password';
import { createStrongAuth, type EnterPin, fromPims } from 'strong-auth-machine';
import { createRecovery } from 'strong-auth-machine/recovery';
import { createSimulator, type Simulator } from 'strong-auth-machine/simulator';
import { type Flags, readFlags, UsageError, usage } from './flags.js';
import { type Story, stories } from './stories.js';
import { conclude, Timeline } from './timeline.js';

const PIN = '1234';

async function main(args: readonly string[]): Promise<number> {
  const flags = readFlags(args);
  if (flags.help) {
    console.log(usage());
    return 0;
  }
  const story: Story = stories[flags.story];
  console.log(`${flags.story}: ${story.about}\n`);

  const simulator = createSimulator({ pin: PIN, latencyMs: 120, ...story.world });
  const timeline = new Timeline();
  const transport = fromPims(simulator);
  // The simulated person has the phone, and reads the SMS from it.
  const recovery = createRecovery({ transport, ask: simulator.answer, onEvent: timeline.recoveryFact });
  const strongAuth = createStrongAuth({
    transport,
    recover: story.cures
      ? async ({ remedy }, { signal }) => {
          await recovery[remedy === 'unblockAccount' ? 'unblockAccount' : 'enrollDevice']({ signal });
          return true;
        }
      : undefined,
    enterPin: pinEntry(flags, story, simulator, timeline),
    policy: story.policy,
    onEvent: timeline.fact,
  });
  timeline.watch(strongAuth);
  const checks = await story.play({ strongAuth, simulator, recovery });
  return conclude(checks) ? 0 : 1;
}

/** First what the story has its user do, then `--pin`, then whoever sits at the terminal, and without one the right PIN. */
function pinEntry(flags: Flags, story: Story, simulator: Simulator, timeline: Timeline): EnterPin {
  let isScripted = story.user?.(simulator) !== undefined;
  return async (prompt) => {
    if (isScripted) {
      isScripted = false;
      timeline.answeredBy('the simulated user, as this story has it');
      return simulator.enterPin(prompt);
    }
    const isTyped = flags.pin === undefined && (story.hasNewPin === true || !process.stdin.isTTY);
    if (isTyped) {
      timeline.answeredBy('the simulated user, who knows the PIN');
    } else if (flags.pin !== undefined) {
      timeline.answeredBy('--pin');
      simulator.human.types(flags.pin);
    } else {
      timeline.answeredBy('you');
      simulator.human.types(await askAtTerminal(prompt.reason, prompt.signal));
    }
    return simulator.enterPin(prompt);
  };
}

/** Asks with hidden input. An empty line, or Ctrl-C, declines. */
async function askAtTerminal(reason: string, signal: AbortSignal): Promise<string> {
  const hint =
    { strongAuthNeeded: '', pinRejected: ' (that was not it)', pinMalformed: ' (4 to 8 digits)' }[reason] ??
    '';
  try {
    return await password(
      { message: `PIN of the car, which is ${PIN}${hint}:`, mask: '•' },
      { signal, clearPromptOnDone: true },
    );
  } catch {
    return '';
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error) => {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${usage()}`);
    process.exitCode = 2;
  },
);
