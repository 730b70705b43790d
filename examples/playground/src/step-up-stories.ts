import { type Bank, type BankRequest, bankRequests } from './bank.js';
import type { Stage } from './stage.js';
import {
  type Check,
  comesToRest,
  isSettled,
  outcome,
  rejected,
  rests,
  type Step,
  type Story,
} from './story-steps.js';

/** Runs with the bank of the stage, which every story here has. */
const withBank =
  <Result>(act: (bank: Bank) => Result) =>
  ({ bank }: Stage): Result | undefined =>
    bank && act(bank);
const waits =
  (count: number) =>
  ({ client }: Stage): boolean =>
    client.view.getSnapshot().waiting === count;
const sends = (request: BankRequest) => withBank((bank) => void bank.send(request));
const isAsked: Step['until'] = (stage) =>
  withBank(({ prompt, isSigningIn }) => !!prompt && !isSigningIn)(stage) === true;

const transfer: Step = {
  text: 'A transfer is sent. The bank answers 401, insufficient_user_authentication, acr_values="mfa". The request waits, and the user is asked to sign in again.',
  act: sends(bankRequests.transfer),
  until: isAsked,
};
const signsIn: Step = {
  text: 'The user signs in. The app has read what is needed; from now on that is fixed.',
  act: withBank((bank) => bank.signIn()),
  until: (stage) => withBank(({ prompt }) => prompt === undefined)(stage) === true,
};
const startsToSignIn: Step = {
  text: 'The user begins to sign in, for mfa. The login server is on it.',
  act: withBank((bank) => void bank.signIn()),
};

const signedInFor = ({ bank }: Stage, ...needs: string[]): Check => [
  `the user began to sign in ${needs.length === 1 ? 'once' : `${needs.length} times`}: for ${needs.join(', then for ')}`,
  bank?.signIns.join() === needs.join(),
];
const transferred = ({ bank }: Stage, count: number): Check => [
  count === 0 ? 'nothing was transferred' : 'the transfer was executed once',
  bank?.seen.amounts.length === count,
];
const limitRaised = ({ bank }: Stage): Check => [
  'the limit was raised once',
  bank?.seen.limits.length === 1 && bank.shown.limit === bankRequests.limit.body.limit,
];
const sent = (stage: Stage, number: number, times: number): Check => [
  `request ${number} was sent ${times} times`,
  stage.journal.calls[number - 1]?.sent === times,
];

/** Step-up over HTTP: what `createStepUpFetch` does with a bank that answers by RFC 9470 and RFC 6750. */
export const stepUpStories: Readonly<Record<string, Story>> = {
  'step-up': {
    title: 'HTTP: a transfer needs more',
    about: 'No car and no PIN: a bank asks for another sign-in by RFC 9470. A poll does not.',
    isBank: true,
    steps: [
      {
        text: 'The balance is polled with interactive: false. The bank answers 401; nobody is asked, and the poll is rejected.',
        act: sends(bankRequests.balance),
        until: isSettled(1),
      },
      transfer,
      {
        text: 'The next poll joins the transfer while the user is asked.',
        act: sends(bankRequests.balance),
        until: waits(2),
      },
      { ...signsIn, text: 'The user signs in. Both requests are sent again, with the new token.' },
      comesToRest,
    ],
    checks: (stage) => [
      rejected(stage, 1, 'INTERACTION_REQUIRED'),
      signedInFor(stage, 'mfa'),
      transferred(stage, 1),
      ['the second poll resolved', outcome(stage, 3) === 'succeeded'],
    ],
  },
  'step-up-joined': {
    title: 'HTTP: two needs, one sign-in',
    about: 'A request that needs a scope (RFC 6750) joins before the app has read what is needed.',
    isBank: true,
    steps: [
      transfer,
      {
        text: 'The limit of the card is raised. The bank answers 403, insufficient_scope, scope="cards". Nobody has begun to sign in, so both needs count.',
        act: sends(bankRequests.limit),
        until: waits(2),
      },
      {
        ...signsIn,
        text: 'The user signs in once, for the level and for the scope. Both requests are sent again, each with its own body.',
      },
      comesToRest,
    ],
    checks: (stage) => [signedInFor(stage, 'mfa cards'), transferred(stage, 1), limitRaised(stage)],
  },
  'step-up-late': {
    title: 'HTTP: a need that comes late',
    about: 'A request that needs something else joins while the user signs in. It opens the next sheet.',
    isBank: true,
    steps: [
      transfer,
      startsToSignIn,
      {
        text: 'The limit of the card is raised. The bank answers 403, insufficient_scope. The sign-in that is under way is not for that, but the request joins.',
        act: sends(bankRequests.limit),
        until: waits(2),
      },
      {
        text: 'The sign-in is over, and both requests are sent again. The transfer is executed. The other one is challenged once more: the user is asked for what it needs.',
        until: isAsked,
      },
      { ...signsIn, text: 'The user signs in, for the scope.' },
      comesToRest,
    ],
    checks: (stage) => [
      signedInFor(stage, 'mfa', 'cards'),
      transferred(stage, 1),
      limitRaised(stage),
      sent(stage, 1, 2),
      sent(stage, 2, 3),
    ],
  },
  'step-up-failed': {
    title: 'HTTP: a sign-in that fails',
    about: 'authenticate rejects, as for a popup that is blocked. The next request asks again.',
    isBank: true,
    steps: [
      transfer,
      {
        text: 'The sign-in breaks. The request is rejected, and the error of the sign-in is its cause.',
        act: withBank((bank) => bank.breakSignIn()),
        until: isSettled(1),
      },
      {
        ...transfer,
        text: 'The transfer is sent again by the user. It is challenged, and the user is asked.',
      },
      {
        text: 'The user closes the sheet: authenticate resolves with null.',
        act: withBank((bank) => bank.decline()),
        until: isSettled(2),
      },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'AUTHENTICATION_FAILED'),
      rejected(stage, 2, 'CANCELLED'),
      transferred(stage, 0),
      rests(stage, 'cancelled'),
    ],
  },
  'step-up-timed-out': {
    title: 'HTTP: a sign-in without an end',
    about: 'The user has begun to sign in and went away. No request waits for ever.',
    isBank: true,
    steps: [
      transfer,
      startsToSignIn,
      {
        text: 'Five minutes pass. The sheet closes, and the request is rejected.',
        act: ({ bank, clock }) => {
          bank?.stall();
          clock.skip(300_000);
        },
        until: isSettled(1),
      },
    ],
    checks: (stage) => [
      rejected(stage, 1, 'AUTHENTICATION_TIMED_OUT'),
      signedInFor(stage, 'mfa'),
      transferred(stage, 0),
      rests(stage, 'failed'),
    ],
  },
};
