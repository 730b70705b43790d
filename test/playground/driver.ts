import type { Page } from 'playwright-core';
import type { ApiMessage } from 'strong-auth-machine';
import type { Observation, StrongAuthDriver, WorldCallKind } from 'strong-auth-machine/testing';

/** How the driver reaches the page. */
export interface Fingers {
  /** Presses what `selector` finds, which must be there, enabled, in sight and not covered. */
  press(selector: string): Promise<void>;
  /** Types into what `selector` finds. */
  type(selector: string, text: string): Promise<void>;
}

/** The hands and the eye of the kit on the page, where the visitor is the SDK: everything is pressed and read. */
export function drivePage(
  page: Page,
  { press, type }: Fingers,
  calls: readonly WorldCallKind[] = ['call'],
): StrongAuthDriver & { readonly saw: ReadonlySet<string> } {
  const saw = new Set<string>();
  const made = new Map<number, { readonly row: number; readonly kind: WorldCallKind }>();

  const buttonOf = (call: number, kind: WorldCallKind) =>
    kind === 'ensure'
      ? '#ensure'
      : `[data-command=${kind === 'background' ? 'poll' : call === 0 ? 'horn' : 'lights'}]`;
  const actionOf = (call: number) =>
    made.get(call)?.kind === 'background' ? 'get' : call === 0 ? 'horn' : 'warning';
  const answer = (message: ApiMessage) => {
    if (message.status === 'FAILED') return String(message.error.code);
    return 'succeed';
  };

  return {
    saw,
    makeCall(call, kind) {
      made.set(call, { row: made.size + 1, kind });
      return press(buttonOf(call, kind));
    },
    answerCall: (call, message) =>
      press(`#desk-requests [data-kind=${actionOf(call)}] [data-answer="${answer(message)}"]`),
    async abortCall(call) {
      await press(`[data-call="${made.get(call)?.row}"] .give-up`);
      await page.evaluate(() => new Promise((resolve) => setTimeout(resolve))); // the turn ends
    },
    async enterPin(entry) {
      if (entry === 'decline') return press('#pad-cancel');
      if (entry === 'fail') return press('#desk-break-pad');
      await type('#pin', entry === 'pin' ? '1234' : '12');
      await press('#pad-submit');
    },
    // An earlier one may still lie there: its wave is over.
    answerOtp: (message) =>
      press(`#desk-requests > :nth-last-child(1 of [data-kind=otp]) [data-answer="${answer(message)}"]`),
    advance: (ms) => press(`[data-skip="${ms}"]`),
    cancel: () => press('#cancel-wave'),
    recovered: () => press('#recovered'),
    reset: () => press('#sign-out'),
    dispose: () => press('#dispose'),
    async observe() {
      const { active, rows, ...said } = await page.evaluate(readPage);
      for (const state of active) saw.add(state);
      const ofCalls = calls.map((_, call) => rows[(made.get(call)?.row ?? 0) - 1]);
      return {
        ...said,
        outcomes: ofCalls.map((row) => row?.outcome ?? 'unmade'),
        sent: ofCalls.map((row) => row?.sent ?? 0),
      };
    },
  };
}

/** Runs in the page: what it says, once it has drawn what happened. */
async function readPage() {
  await new Promise((resolve) => setTimeout(resolve));
  await new Promise(requestAnimationFrame);
  const text = (id: string) => document.getElementById(id)?.textContent ?? '';
  const status = text('status');
  const failure = text('failure').split(':')[0];
  const reason = document.getElementById('pad')?.dataset.reason;
  const [attempt, attemptsLeft] = text('pad-attempts').match(/\d+/g)?.map(Number) ?? [];
  const rows = [...document.querySelectorAll('[data-call]')].reverse().map((row) => {
    const cell = (name: string) => row.querySelector(`.${name}`)?.textContent ?? '';
    const isEnsure = cell('label') === 'ensure()';
    return {
      outcome: cell('outcome').replace(/^failed \d+$/, 'failed'),
      sent: cell('sent') ? Number.parseInt(cell('sent'), 10) : isEnsure ? 0 : 1,
    };
  });
  const { otpRequests } = window.playground.simulator.effects;
  const atDesk = [...document.querySelectorAll('#desk-requests [data-kind=otp]')];
  return {
    status: status as Observation['status'],
    waiting: Number(text('count-waiting')),
    failure: (failure === 'none' ? undefined : failure) as Observation['failure'],
    prompt: reason ? { attempt: attempt ?? 0, attemptsLeft: attemptsLeft ?? 0, reason } : undefined,
    // Those that the simulator has seen, and those that lie at the desk.
    otpRequests: [
      ...otpRequests.map(({ resetStep }) => resetStep),
      ...atDesk.map((row) => row.textContent?.includes('resetStep') ?? false),
    ],
    rows,
    active: [...document.querySelectorAll<SVGGElement>('#chart .is-active')].map(
      (state) => state.dataset.state ?? '',
    ),
  };
}

/** Presses in the page itself: fast, and as careful as a mouse. */
export function quickFingers(page: Page): Fingers {
  return {
    press: (selector) =>
      page.evaluate((wanted) => {
        const element = document.querySelector<HTMLElement>(wanted);
        if (!element?.checkVisibility()) throw new Error(`there is no ${wanted} to press`);
        if (element.getAttribute('aria-disabled') === 'true' || element.matches(':disabled'))
          throw new Error(`${wanted} is disabled`);
        element.scrollIntoView({ block: 'center' });
        const { left, top, width, height } = element.getBoundingClientRect();
        const hit = document.elementFromPoint(left + width / 2, top + height / 2);
        if (!hit || !element.contains(hit))
          throw new Error(`${wanted} is covered by ${hit?.id || hit?.className}`);
        element.click();
      }, selector),
    type: (selector, text) =>
      page.evaluate(
        ([wanted, typed]) => {
          const input = document.querySelector<HTMLInputElement>(wanted);
          if (!input?.checkVisibility()) throw new Error(`there is no ${wanted} to type into`);
          input.focus();
          document.execCommand('insertText', false, typed);
        },
        [selector, text] as const,
      ),
  };
}

/** Presses with Chromium's own mouse and keyboard. */
export const realFingers = (page: Page): Fingers => ({
  press: (selector) => page.locator(selector).first().click({ timeout: 5000 }),
  async type(selector, text) {
    await page.locator(selector).click();
    await page.keyboard.type(text);
  },
});
