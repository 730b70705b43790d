import { fromPims, type Transport } from 'strong-auth-machine';
import { apis } from 'strong-auth-machine/pims';
import { createRecovery, type RecoveryFact, type RecoveryFlow } from 'strong-auth-machine/recovery';
import {
  createManualClock,
  createSimulator,
  type Fault,
  type FaultMatch,
  type RequestMatch,
  type SeenRequest,
  type Simulator,
  type SimulatorOptions,
} from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { FLOWS, settle } from './support.js';

/** Every combination of one choice of each list. */
function* combinations<Choices extends Record<string, readonly unknown[]>>(
  choices: Choices,
): Generator<{ [Name in keyof Choices]: Choices[Name][number] }> {
  const [[name, values] = [], ...others] = Object.entries(choices);
  if (name === undefined) {
    yield {} as never;
    return;
  }
  for (const rest of combinations(Object.fromEntries(others))) {
    for (const value of values as readonly unknown[]) yield { ...rest, [name]: value } as never;
  }
}

const SMS: RequestMatch = { verb: 'get', api: 'pims.authentication.smscode' };
const REMOVAL: RequestMatch = {
  verb: 'set',
  api: 'pims.authentication.enrollment',
  action: 'remove',
};

const accounts: readonly SimulatorOptions[] = [
  ...combinations({
    device: [
      'known',
      { refuses: 2312, until: 'reset' },
      { refuses: 2312, until: 'never' },
      { refuses: 2317, until: 'never' },
    ],
    hasPin: [true, false],
    phoneNumber: ['+33600000000', null],
    blocked: [false, true],
    blockedAs: ['enum', 'boolean', 'tutorial'],
    noPhoneAs: ['code', 'null'],
    version: ['2.0', '2.3'],
    smsCodeOnEnroll: ['optional', 'required', 'refused'],
    pinAfterRemoval: ['kept', 'gone'],
  } as const),
].filter(({ blocked, blockedAs, phoneNumber, noPhoneAs }) => {
  // How something is said matters only where there is something to say.
  const saysNothing = (!blocked && blockedAs !== 'enum') || (phoneNumber !== null && noPhoneAs !== 'code');
  return !saysNothing;
});

/** What is different, and the requests that it makes a difference to. */
const habits: Readonly<Record<string, readonly [SimulatorOptions, RequestMatch]>> = {
  'the SMS come late': [{ smsLatencyMs: 45_000 }, SMS],
  'the SMS come too late': [{ smsLatencyMs: 20_000, smsTtlMs: 10_000 }, SMS],
  'no SMS is left': [{ smsQuota: 0 }, SMS],
  'one SMS is left': [{ smsQuota: 1 }, SMS],
  'the number is taken': [{ takenPhones: ['+33611111111'] }, { ...SMS, type: 'phoneNumberCertification' }],
  'removing lifts no block': [{ removalUnblocks: false }, REMOVAL],
  'there is no internet': [{ offline: true }, {}],
};

/** One recovery for all accounts, since making one takes longer than a flow: the user signs out, and comes back with another account. */
const clock = createManualClock(1_700_000_000_000);
let account: { readonly simulator: Simulator; readonly transport: Transport };
let facts: RecoveryFact[] = [];
const recovery = createRecovery({
  transport: { send: (request, options) => account.transport.send(request, options) },
  ask: (question) => account.simulator.answer(question),
  clock,
  onEvent: (fact) => facts.push(fact),
});

function signIn(options: SimulatorOptions): Simulator {
  recovery.reset();
  clock.advance(3_600_000); // by then no earlier request can be unanswered, and no SMS is recent
  const simulator = createSimulator({ clock, ...options });
  account = { simulator, transport: fromPims(simulator) };
  facts = [];
  return simulator;
}

/** What must hold at the end, whatever happened. */
async function play(options: SimulatorOptions, flow: RecoveryFlow, fault?: [FaultMatch, Fault]) {
  const simulator = signIn(options);
  if (fault) simulator.script(...fault);
  const outcome = await settle({ clock }, recovery[flow](), { stepMs: 5_000 });
  const { status } = recovery.view.getSnapshot();
  const rests = recovery.actor.getSnapshot().hasTag('settled');
  const { requests } = simulator.effects;
  const sms = requests.filter(isMeantBy(SMS)).length;
  const removals = simulator.effects.executionsOf(REMOVAL);
  const yes = facts.filter(
    (fact) => fact.type === 'answered' && fact.kind === 'confirmRemoval' && fact.outcome === 'given',
  ).length;
  const problems = [
    outcome === 'pending' && 'it does not end',
    outcome !== 'done' && outcome !== 'pending' && !/^[A-Z_]+$/.test(outcome) && `it ends with ${outcome}`,
    outcome === 'done' && !simulator.enrolment.isEnrolled && !fault && 'it is done, not enrolled',
    (status === 'done') !== (outcome === 'done') && `${outcome}, but ${status}`,
    !rests && `it rests not, but is ${status}`,
    sms > 2 && `${sms} SMS`,
    removals > yes && `${removals} removals for ${yes} times yes`,
    facts.filter(({ type }) => type === 'flowEnded').length !== 1 && 'not one end in the telemetry',
    clock.pending > 0 && `${clock.pending} timers are left`,
  ].filter((problem) => problem !== false);
  return { outcome, problems, requests };
}

const isMeantBy = (match: RequestMatch) => (request: SeenRequest) =>
  Object.entries(match).every(([name, value]) => request[name as keyof SeenRequest] === value);

const sent = new Map<string, readonly SeenRequest[]>();

/** Whether a flow sends such a request. If not, then whatever is wrong with the answer makes no difference, and need not be played. */
async function sends(options: SimulatorOptions, flow: RecoveryFlow, match: RequestMatch): Promise<boolean> {
  const key = JSON.stringify([options, flow]);
  const requests = sent.get(key) ?? (await play(options, flow)).requests;
  sent.set(key, requests);
  return requests.some(isMeantBy(match));
}

describe('from every state of the account every flow ends enrolled, or with a typed error', () => {
  test.each(FLOWS)('%s', async (flow) => {
    const outcomes = new Map<string, number>();
    for (const each of accounts) {
      const { outcome, problems, requests } = await play(each, flow);
      expect(problems, `${JSON.stringify(each)}: ${outcome}`).toEqual([]);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      sent.set(JSON.stringify([each, flow]), requests);
    }
    console.info(`${flow}, ${accounts.length} accounts:`, Object.fromEntries(outcomes));
    expect(outcomes.get('done')).toBeGreaterThan(20);
  });

  test.each(Object.entries(habits))('also where %s', async (_, [habit, match]) => {
    let played = 0;
    for (const each of accounts.filter(({ blockedAs }) => blockedAs === 'enum')) {
      for (const flow of FLOWS) {
        if (!(await sends(each, flow, match))) continue;
        const { outcome, problems } = await play({ ...each, ...habit }, flow);
        expect(problems, `${flow} of ${JSON.stringify({ ...each, ...habit })}: ${outcome}`).toEqual([]);
        played += 1;
      }
    }
    expect(played).toBeGreaterThan(100);
  });

  test('also of brands without these APIs', async () => {
    for (const brand of ['FCA', 'O2X'] as const) {
      for (const flow of FLOWS) {
        const { outcome, problems } = await play({ brand }, flow);
        expect(problems, `${flow} of ${brand}`).toEqual([]);
        // FCA says whether a device is activated and has a PIN that can be changed, and nothing more.
        const works = brand === 'FCA' && (flow === 'changePin' || flow === 'enrollDevice');
        expect([flow, outcome]).toEqual([flow, works ? 'done' : 'NOT_SUPPORTED']);
      }
    }
  });
});

const STRONG =
  /^pims\.(authentication\.(account|smscode|trustedphonenumber|enrollment|pincode)|subscription\.steps)$/;

/** Every variant of these APIs that a request can tell from the others, with the codes that it lists. */
const variants = new Map<string, { readonly match: RequestMatch; readonly errors: Set<number> }>();
for (const { api, brands, verb, parameters, errors } of apis) {
  if (!STRONG.test(api) || !brands.includes('PSA') || verb === 'subscribe') continue;
  const constant = (name: string) => parameters.find((parameter) => parameter.name === name)?.values?.[0];
  const [action, type] = [constant('action'), constant('type')];
  const match = { verb, api, ...(action && { action }), ...(type && { type }) };
  const name = [verb, api, action ?? type].filter(Boolean).join(' ');
  const listed = variants.get(name)?.errors ?? [];
  variants.set(name, { match, errors: new Set([...listed, ...errors]) });
}

const typical: readonly SimulatorOptions[] = [
  { hasPin: false, phoneNumber: null },
  { hasPin: false, phoneNumber: null, version: '2.0' },
  { device: { refuses: 2312, until: 'never' } },
  { blocked: true, pinAfterRemoval: 'gone' },
  {},
];

describe('whatever answers one of their requests', () => {
  test.each([...variants])(
    'to %s every listed error, a lost answer, nonsense and a throw',
    async (_, { match, errors }) => {
      const codes = new Set([...errors, 2002, 2301, 2302, 2306, 2348, 9999]);
      const faults: Fault[] = [
        ...[...codes].map((code) => ({ kind: 'fail', code }) as const),
        { kind: 'drop' },
        { kind: 'lose' },
        { kind: 'slow', ms: 25_000 },
        { kind: 'duplicate' },
        { kind: 'malformed', message: 'OK' },
        { kind: 'throw' },
        { kind: 'noResult' },
        { kind: 'fail', code: 2310, asString: true },
      ];
      for (const each of typical) {
        for (const flow of FLOWS) {
          if (!(await sends(each, flow, match))) continue;
          // A fault that stays must not make a flow go round for ever.
          for (const times of [1, Number.POSITIVE_INFINITY]) {
            for (const fault of faults) {
              const { outcome, problems } = await play(each, flow, [{ ...match, times }, fault]);
              const told = `${flow} of ${JSON.stringify(each)} with ${JSON.stringify(fault)}: ${outcome}`;
              expect(problems, told).toEqual([]);
            }
          }
        }
      }
    },
  );

  test('two of these APIs are never called', async () => {
    const unsent: string[] = [];
    for (const [name, { match }] of variants) {
      let isSent = false;
      for (const each of typical) for (const flow of FLOWS) isSent ||= await sends(each, flow, match);
      if (!isSent) unsent.push(name);
    }
    expect(unsent).toEqual([
      'get pims.authentication.account username',
      'set pims.authentication.smscode modifyPhoneNumber',
    ]);
  });
});
