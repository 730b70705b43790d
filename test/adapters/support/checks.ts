import {
  type StrongAuthDriver,
  type StrongAuthPath,
  settleDown,
  strongAuthPaths,
  type WorldOptions,
  walkPath,
} from 'strong-auth-machine/testing';
import { createStage, type Stage } from '../../../examples/model-based/stage.js';
import { reasons } from '../../../examples/shared/pad-text.js';
import { commands, type Mount, type Outcome } from '../../../examples/shared/remote.js';

/*
 * What is checked of every example app, inside the page it is on. Each check throws what is wrong, and may answer with what it
 * counted. An app says what it shows in elements that are found by `data-testid`:
 *
 *   status, waiting, failure        texts of the view
 *   lock, lock-give-up, lock-outcome    of each command: its button, how to give it up, what became of it
 *   pad                             the form of the PIN, there only while one is asked for or checked
 *   reason, pin, submit, cancel     in the pad: what it says, where the PIN goes, and its two buttons
 */

const PIN = '907351';
const OTP = 'otp-84b1f6';
const CHALLENGE = { status: 'FAILED', error: { code: 2302, label: 'Need Strong Authentication' } };
const GRANT = { status: 'SUCCEEDED', result: { otp: OTP } };
const DONE = { status: 'SUCCEEDED', result: { vin: 'VIN-5D2C' } };

/** How much is walked: at the newest version of a framework every edge of the world, at the oldest every screen. */
export type Extent = 'every edge' | 'every screen';

/** Two commands that may meet. What the remote has no button for is left out. */
const world: WorldOptions = {
  calls: ['call', 'call'],
  alphabet: (event) => {
    const { type } = event;
    if (type === 'otp.denied') return event.code === 'OFFLINE';
    return !['pin.failed', 'pin.malformed', 'otp.pinMalformed', 'call.failed', 'reset', 'disposed'].includes(
      type,
    );
  },
  policy: { maxPinAttempts: 1 },
};

/** The browser gives one message of a channel a turn of its own; a channel for each would cost more than all else of a step. */
const { port1: turns, port2: nextTurn } = new MessageChannel();
const waiting: (() => void)[] = [];
turns.onmessage = () => waiting.shift()?.();

/** Waits until whatever the last step caused is on the screen. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    await settleDown();
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
      nextTurn.postMessage(undefined);
    });
  }
}

/** One app on the page, with a test's hands on it and around it. */
export class Screen {
  readonly root = document.body.appendChild(document.createElement('main'));
  private readonly unmountApp: () => void;

  constructor(
    mount: Mount,
    readonly stage: Stage,
  ) {
    this.unmountApp = mount(this.root, stage.remote);
  }

  find(part: string): HTMLElement | null {
    return this.root.querySelector<HTMLElement>(`[data-testid="${part}"]`);
  }

  text(part: string): string {
    const found = this.find(part);
    if (!found) throw new Error(`the app shows no ${part}`);
    return found.textContent ?? '';
  }

  async click(part: string): Promise<void> {
    const found = this.find(part);
    if (!found) throw new Error(`the app has no ${part}`);
    found.click();
    await settle();
  }

  async enterPin(pin: string): Promise<void> {
    const input = this.find('pin') as HTMLInputElement | null;
    if (!input) throw new Error('no PIN is asked for');
    // As the browser does it for a user: frameworks that watch the property would not notice a plain assignment.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, pin);
    input.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await settle();
    await this.click('submit');
  }

  outcome(command: number): Outcome {
    return this.text(`${commands[command]?.id}-outcome`);
  }

  async press(...pressed: number[]): Promise<void> {
    for (const command of pressed) await this.click(commands[command]?.id ?? '');
  }

  async answer(command: number, message: unknown): Promise<void> {
    this.stage.answerCall(command, message);
    await settle();
  }

  async answerOtp(message: unknown): Promise<void> {
    this.stage.answerOtp(message);
    await settle();
  }

  async unmount(): Promise<void> {
    this.unmountApp();
    await settle();
    this.root.remove();
  }
}

/** The hands and the eye of the test kit, on this screen. */
function driverOf(screen: Screen): StrongAuthDriver {
  const { stage } = screen;
  const after = async (deed: unknown) => {
    await deed;
    await settle();
  };
  return {
    makeCall: (call) => screen.press(call),
    abortCall: (call) => screen.click(`${commands[call]?.id}-give-up`),
    answerCall: (call, message) => screen.answer(call, message),
    answerOtp: (message) => screen.answerOtp(message),
    enterPin: (entry) => (entry === 'decline' ? screen.click('cancel') : screen.enterPin(PIN)),
    advance: (ms) => after(stage.clock.advance(ms)),
    cancel: () => after(stage.remote.strongAuth.cancel()),
    reset: () => after(stage.remote.strongAuth.reset()),
    dispose: () => after(stage.remote.strongAuth.dispose()),
    observe() {
      const [, said, attempt, attemptsLeft] =
        (screen.find('pad') && /^(.*) Attempt (\d+), (\d+) left\.$/.exec(screen.text('reason'))) || [];
      const [reason] = Object.entries(reasons).find(([, words]) => words === said) ?? [];
      return {
        status: screen.text('status') as never,
        waiting: Number(screen.text('waiting')),
        failure: (screen.text('failure') || undefined) as never,
        outcomes: commands.map((_, command) => screen.outcome(command)),
        prompt: reason ? { reason, attempt: Number(attempt), attemptsLeft: Number(attemptsLeft) } : undefined,
      };
    },
  };
}

function same(actual: unknown, expected: unknown, what: string): void {
  const [seen, wanted] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (seen !== wanted) throw new Error(`${what}: should be ${wanted}, and is ${seen}`);
}

/** The lifecycle that every layer shows: the doors are locked after a PIN. */
async function lockWithPin(screen: Screen, beforeTheEnd = () => {}): Promise<void> {
  await screen.press(0);
  await screen.answer(0, CHALLENGE);
  await screen.enterPin(PIN);
  await screen.answerOtp(GRANT);
  beforeTheEnd();
  await screen.answer(0, DONE);
}

/** @returns The checks by their names, which are also the columns of docs/state-layers.md. */
export function checksOf(mount: Mount) {
  const open = (stage = createStage(world)) => new Screen(mount, stage);

  return {
    async 'mounts, and locks the doors after a PIN'() {
      const screen = open();
      await settle();
      same(screen.text('status'), 'idle', 'status');
      same(screen.find('pad'), null, 'the pad');
      await lockWithPin(screen, () => same(screen.text('status'), 'replaying', 'status'));
      same([screen.text('status'), screen.outcome(0)], ['done', 'succeeded'], 'status and outcome');
      await screen.unmount();
    },

    async 'unmount while prompting leaves nothing waiting'() {
      const screen = open();
      const { strongAuth, pinPad } = screen.stage.remote;
      await screen.press(0);
      await screen.answer(0, CHALLENGE);
      same(pinPad.view.getSnapshot().isOpen, true, 'the pad is open');
      await screen.unmount();
      same(pinPad.view.getSnapshot().isOpen, false, 'the pad is open');
      same(strongAuth.view.getSnapshot().status, 'cancelled', 'status');
      const again = open(screen.stage);
      await settle();
      await lockWithPin(again);
      same(again.outcome(0), 'succeeded', 'outcome after a second mount');
      await again.unmount();
    },

    async 'two components share one prompt'() {
      const first = open();
      const second = open(first.stage);
      await first.press(0);
      await second.press(1);
      await first.answer(0, CHALLENGE);
      await first.answer(1, CHALLENGE);
      same([first.text('waiting'), second.text('waiting')], ['2', '2'], 'waiting');
      await second.enterPin(PIN);
      same([first.text('reason'), second.text('reason')], Array(2).fill('Checking the PIN…'), 'the pads');
      await first.answerOtp(GRANT);
      same([first.find('pad'), second.find('pad')], [null, null], 'the pads');
      const asked = first.stage.transport.requests.filter(({ request }) => request.parameters?.pinCode);
      same(asked.length, 1, 'OTP requests');
      await first.answer(1, DONE);
      await first.answer(0, DONE);
      same([first.outcome(0), second.outcome(1)], ['succeeded', 'succeeded'], 'outcomes');
      await first.unmount();
      await second.unmount();
    },

    async 'the dialog says what is the matter, stays while the PIN is checked, and keeps its focus'() {
      const screen = open(createStage({ policy: { maxPinAttempts: 2 } }));
      const { strongAuth } = screen.stage.remote;
      await screen.press(0);
      await screen.answer(0, CHALLENGE);
      const input = screen.find('pin') as HTMLInputElement;
      input.focus();
      const shows = (said: string, isInvalid: boolean, isChecking: boolean) => {
        const isSame = screen.find('pin') === input && document.activeElement === input;
        const { value, readOnly } = input;
        same(
          [screen.text('reason'), isSame, value, input.getAttribute('aria-invalid'), readOnly],
          [said, true, '', String(isInvalid), isChecking],
          'what is said; the same field, with the focus; what is in it; whether that is invalid; and checked',
        );
      };
      shows('Enter your PIN. Attempt 1, 2 left.', false, false);
      if (input.form) input.form.noValidate = true; // a browser may let it pass
      await screen.click('submit');
      shows('Enter your PIN. Attempt 1, 2 left.', false, false);
      await screen.enterPin('12');
      shows('A PIN has 4 to 8 digits. Nothing was sent. Attempt 1, 2 left.', true, false);
      await screen.enterPin('111111');
      shows('Checking the PIN…', false, true);
      await screen.click('submit');
      await screen.click('cancel');
      shows('Checking the PIN…', false, true);
      await screen.answerOtp({ status: 'FAILED', error: { code: 2308 } });
      shows('That was not the PIN. Attempt 2, 1 left.', true, false);

      // One prompt goes and the next comes before anything is drawn: what was typed for the first is not for it.
      input.value = '47';
      strongAuth.cancel();
      const ensured = strongAuth.ensure().catch(() => {});
      await settle();
      same((screen.find('pin') as HTMLInputElement).value, '', 'what is in the field of the next prompt');
      await screen.enterPin(PIN);
      await screen.answerOtp(GRANT);
      await ensured;
      same(screen.find('pad'), null, 'the pad');
      await screen.unmount();
    },

    async 'cancel from the UI'() {
      const screen = open();
      await screen.press(0, 1);
      await screen.answer(0, CHALLENGE);
      await screen.answer(1, CHALLENGE);
      await screen.click('cancel');
      same([screen.outcome(0), screen.outcome(1)], ['CANCELLED', 'CANCELLED'], 'outcomes');
      same([screen.text('status'), screen.text('failure')], ['cancelled', 'CANCELLED'], 'status and failure');
      await lockWithPin(screen);
      same(screen.outcome(0), 'succeeded', 'outcome of the next press');
      await screen.unmount();
    },

    async 'a button is disabled while its call is pending, and a second press sends nothing'() {
      const screen = open();
      const isDisabled = () => (screen.find('lock') as HTMLButtonElement).disabled;
      await screen.press(0);
      same(isDisabled(), true, 'disabled while the call is on its way');
      await screen.answer(0, CHALLENGE);
      same(isDisabled(), true, 'disabled while the PIN is asked for');
      (screen.find('lock') as HTMLButtonElement).disabled = false; // as if it had not been drawn yet
      await screen.press(0);
      same(screen.stage.transport.requests.length, 1, 'requests');
      await screen.click('cancel');
      same(isDisabled(), false, 'disabled at the end');
      await screen.unmount();
    },

    async 'unmount aborts the calls of the component'() {
      const screen = open();
      await screen.press(0);
      const [request] = screen.stage.transport.requests;
      const signal = request?.signal;
      same(signal?.aborted, false, 'aborted before');
      await screen.unmount();
      same(signal?.aborted, true, 'aborted after');
      request?.resolve(CHALLENGE);
      await settle();
      same(screen.stage.remote.strongAuth.view.getSnapshot().status, 'done', 'status');
      same(screen.stage.remote.pinPad.view.getSnapshot().isOpen, false, 'the pad is open');
    },

    async 'no PIN, OTP or result on the page'() {
      const screen = open();
      const printed: string[] = [];
      const restore = (['log', 'info', 'warn', 'error', 'debug'] as const).map((level) => {
        const original = console[level];
        console[level] = (...parts: unknown[]) => printed.push(parts.map(String).join(' '));
        return () => {
          console[level] = original;
        };
      });
      const inputs = new Set<string>();
      const look = () => {
        for (const input of document.querySelectorAll('input')) inputs.add(input.value);
        const seen = [
          document.body.outerHTML,
          ...inputs,
          ...printed,
          JSON.stringify(screen.stage.remote.pinPad.view.getSnapshot()),
          JSON.stringify(screen.stage.remote.strongAuth.view.getSnapshot()),
          JSON.stringify(screen.stage.remote.strongAuth.actor.getPersistedSnapshot()),
          JSON.stringify([{ ...localStorage }, { ...sessionStorage }]),
        ].join('\n');
        for (const secret of [PIN, OTP, DONE.result.vin]) {
          if (seen.includes(secret)) throw new Error(`the page shows ${secret}`);
        }
      };
      await lockWithPin(screen, look);
      look();
      await screen.unmount();
      look();
      for (const undo of restore) undo();
    },

    async 'holds nothing after unmount'() {
      // Of the very first app, V8 keeps an accessor in a hidden class: Vue 3.3 defines one, in development.
      await open().unmount();
      const references = await (async () => {
        const screen = open();
        await lockWithPin(screen);
        await screen.unmount();
        const { remote, transport } = screen.stage;
        return {
          client: new WeakRef(remote.strongAuth),
          pad: new WeakRef(remote.pinPad),
          transport: new WeakRef(transport),
        };
      })();
      const collect = (globalThis as { gc?: () => void }).gc;
      if (!collect) throw new Error('Chromium was started without --expose-gc');
      const isHeld = () => Object.values(references).some((reference) => reference.deref());
      // Development builds may keep what they tell the devtools for some seconds, in case those come late.
      for (const since = performance.now(); isHeld() && performance.now() - since < 10_000; ) {
        await new Promise((resolve) => setTimeout(resolve, 50));
        collect();
      }
      const held = Object.entries(references).flatMap(([name, reference]) =>
        reference.deref() ? [name] : [],
      );
      same(held, [], 'still held');
    },

    async 'walks the generated paths'(extent: Extent = 'every edge') {
      let steps = 0;
      const paths = extent === 'every edge' ? strongAuthPaths(world) : toEveryScreen(strongAuthPaths(world));
      for (const path of paths) {
        const screen = open(createStage(path.world));
        await settle();
        steps += (await walkPath(path, driverOf(screen))).steps;
        await screen.unmount();
      }
      return `${paths.length} paths, ${steps} steps`;
    },
  } satisfies Record<string, (extent: Extent) => Promise<unknown>>;
}

/** @returns The shortest of the paths that together show whatever an app can show. */
function toEveryScreen(paths: readonly StrongAuthPath[]): StrongAuthPath[] {
  const screens = new Set<string>();
  return [...paths]
    .sort((a, b) => a.steps.length - b.steps.length)
    .filter(({ steps }) => {
      const before = screens.size;
      for (const { expected } of steps) {
        const { status, waiting, failure, outcomes, prompt } = expected;
        screens.add(JSON.stringify([status, waiting, failure, outcomes, prompt]));
      }
      return screens.size > before;
    });
}

/** The name of a check. */
export type Check = keyof ReturnType<typeof checksOf>;
