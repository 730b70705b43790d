import { createStepUpFetch, type StepUpPrompt, type StepUpStrongAuth } from 'strong-auth-machine/fetch';
import type { SafeInspectionMessage } from 'strong-auth-machine/inspect';
import { createSafeInspector } from 'strong-auth-machine/inspect';
import { createFakeBank } from '../../back-ends/fakes/http-api.js';
import type { Calls } from './calls.js';
import type { StageClock } from './clock.js';
import type { CallLife, Journal } from './journal.js';

/** One button of the bank's app: what its request is called, and what it asks the bank for. */
export interface BankRequest {
  readonly id: string;
  readonly label: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: object;
  /** False for what nobody waits for. */
  readonly interactive?: boolean;
}

/** What the app of the bank can ask for. */
export const bankRequests = {
  transfer: {
    id: 'transfer',
    label: 'transfer 25',
    method: 'POST',
    path: '/transfers',
    body: { amount: 25 },
  },
  limit: { id: 'limit', label: 'card limit', method: 'POST', path: '/card', body: { limit: 900 } },
  balance: { id: 'balance', label: 'balance', method: 'GET', path: '/balance', interactive: false },
} as const satisfies Record<string, BankRequest>;

/** An app that is no car's: it steps up over HTTP. The bank it talks to is in the page. */
export interface Bank {
  readonly strongAuth: StepUpStrongAuth;
  /** What the bank has seen. */
  readonly seen: ReturnType<typeof createFakeBank>['seen'] & { readonly requests: number };
  /** What the bank's app shows, as far as it has asked for it. */
  readonly shown: { readonly balance?: number; readonly limit?: number };
  /** What the user is asked to sign in for; still there while the sign-in is on its way. */
  readonly prompt: StepUpPrompt | undefined;
  /** What each sign-in has asked the server for, in words. */
  readonly signIns: readonly string[];
  readonly isSigningIn: boolean;
  /** Sends a request. One that is still on its way is not sent a second time. */
  send(request: BankRequest): CallLife | undefined;
  /** The user signs in. From then on it is fixed what for. */
  signIn(): void;
  /** The user closes the sheet. */
  decline(): void;
  /** The sign-in breaks, as a popup does that is blocked. */
  breakSignIn(): void;
  /** The sign-in that is on its way never ends. */
  stall(): void;
}

const URL_OF = 'https://bank.example';
/** How long a request takes to the bank, and its response from there, in ms. */
const WAY_MS = 220;
/** How long signing in takes, in ms. */
const SIGN_IN_MS = 900;

/** What the bank's app is made with. */
export interface BankParts {
  readonly clock: StageClock;
  readonly journal: Journal;
  readonly calls: Calls;
  readonly change: () => void;
  readonly inspected: (message: SafeInspectionMessage) => void;
}

export function createStagedBank({ clock, journal, calls, change, inspected }: BankParts): Bank {
  const server = createFakeBank();
  const pass = (ms: number) => new Promise<void>((resolve) => clock.setTimeout(resolve, ms));
  const signIns: string[] = [];
  let token = 'pwd';
  let requests = 0;
  let shown: Bank['shown'] = {};
  /** The open sheet, and how it is answered. */
  let sheet: { readonly prompt: StepUpPrompt; readonly settle: (answer: unknown) => void } | undefined;
  let isSigningIn = false;
  let isStalled = false;

  const { fetch, strongAuth } = createStepUpFetch({
    async fetch(request) {
      await pass(WAY_MS);
      requests += 1;
      request.headers.set('authorization', `Bearer ${token}`); // called anew for the replay: the token of then
      const response = await server.send(request);
      await pass(WAY_MS);
      return response;
    },
    authenticate: (prompt) =>
      new Promise<unknown>((settle) => {
        sheet = { prompt, settle };
        prompt.signal.addEventListener('abort', () => settle(null));
        change();
      }).finally(() => {
        sheet = undefined;
        isSigningIn = false;
        change();
      }),
    clock,
    onEvent: journal.stepUpFact,
    inspect: createSafeInspector(inspected, { now: () => clock.now() }),
  });

  return {
    strongAuth,
    get seen() {
      return { ...server.seen, requests };
    },
    get shown() {
      return shown;
    },
    get prompt() {
      return sheet?.prompt;
    },
    signIns,
    get isSigningIn() {
      return isSigningIn;
    },
    send({ id, label, method, path, body, interactive = true }) {
      const url = URL_OF + path;
      return calls.follow(
        { label, verb: method, api: url },
        async (signal) => {
          const init = { method, signal, ...(body && { body: JSON.stringify(body) }) };
          const response = await fetch(url, init, { label, interactive });
          if (!response.ok) throw new Error(`the bank answered ${response.status}`);
          shown = { ...shown, ...(await response.json()) };
          change();
        },
        id,
      );
    },
    async signIn() {
      const signedIn = sheet;
      if (!signedIn || isSigningIn) return; // a second press
      isSigningIn = true;
      const { acrValues, scopes } = signedIn.prompt.needs;
      signIns.push([...acrValues, ...scopes].join(' '));
      change();
      await pass(SIGN_IN_MS);
      if (signedIn !== sheet || isStalled) return; // nobody waits for it any more
      // The login server grants what was asked for, beside what the token had.
      const [level = '', ...granted] = token.split(' ');
      token = [acrValues[0] ?? level, ...new Set([...granted, ...scopes])].join(' ');
      signedIn.settle(token);
    },
    decline: () => sheet?.settle(null),
    stall() {
      isStalled = true;
    },
    breakSignIn: () => sheet?.settle(Promise.reject(new Error('the sign-in broke'))),
  };
}
