import { apis } from 'strong-auth-machine/pims';
import type { RecoveryFlow } from 'strong-auth-machine/recovery';
import type { Fault, FaultMatch, SimulatorOptions } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { createStage, FLOWS, settle } from './support.js';

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

const habits: Readonly<Record<string, SimulatorOptions>> = {
  'the SMS come late': { smsLatencyMs: 45_000 },
  'the SMS come too late': { smsLatencyMs: 20_000, smsTtlMs: 10_000 },
  'no SMS is left': { smsQuota: 0 },
  'one SMS is left': { smsQuota: 1 },
  'the number is taken': { takenPhones: ['+33611111111'] },
  'removing lifts no block': { removalUnblocks: false },
  'there is no internet': { offline: true },
};

/** What must hold at the end, whatever happened. */
async function play(account: SimulatorOptions, flow: RecoveryFlow, faults: [FaultMatch, Fault][] = []) {
  const stage = createStage(account);
  const { simulator, recovery, facts } = stage;
  for (const [match, fault] of faults) simulator.script(match, fault);
  const outcome = await settle(stage, recovery[flow](), { stepMs: 5_000 });
  const { status } = recovery.view.getSnapshot();
  const rests = recovery.actor.getSnapshot().hasTag('settled');
  const sms = simulator.effects.requests.filter(
    ({ verb, api }) => verb === 'get' && api === 'pims.authentication.smscode',
  ).length;
  const removals = simulator.effects.executionsOf({
    api: 'pims.authentication.enrollment',
    action: 'remove',
  });
  const yes = facts.filter(
    (fact) => fact.type === 'answered' && fact.kind === 'confirmRemoval' && fact.outcome === 'given',
  ).length;
  const problems = [
    outcome === 'pending' && 'it does not end',
    outcome !== 'done' && outcome !== 'pending' && !/^[A-Z_]+$/.test(outcome) && `it ends with ${outcome}`,
    outcome === 'done' &&
      !simulator.enrolment.isEnrolled &&
      faults.length === 0 &&
      'it is done, not enrolled',
    (status === 'done') !== (outcome === 'done') && `${outcome}, but ${status}`,
    !rests && `it rests not, but is ${status}`,
    sms > 2 && `${sms} SMS`,
    removals > yes && `${removals} removals for ${yes} times yes`,
    facts.filter(({ type }) => type === 'flowEnded').length !== 1 && 'not one end in the telemetry',
    stage.clock.pending > 0 && `${stage.clock.pending} timers are left`,
  ].filter((problem) => problem !== false);
  return { outcome, problems };
}

describe('from every state of the account every flow ends enrolled, or with a typed error', () => {
  test.each(FLOWS)('%s', async (flow) => {
    const outcomes = new Map<string, number>();
    for (const account of accounts) {
      const { outcome, problems } = await play(account, flow);
      expect(problems, `${JSON.stringify(account)}: ${outcome}`).toEqual([]);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    console.info(`${flow}, ${accounts.length} accounts:`, Object.fromEntries(outcomes));
    expect(outcomes.get('done')).toBeGreaterThan(20);
  });

  test.each(Object.entries(habits))('also where %s', async (_, habit) => {
    for (const account of accounts.filter(({ blockedAs }) => blockedAs === 'enum')) {
      for (const flow of FLOWS) {
        const { outcome, problems } = await play({ ...account, ...habit }, flow);
        expect(problems, `${flow} of ${JSON.stringify({ ...account, ...habit })}: ${outcome}`).toEqual([]);
      }
    }
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

/** Every variant of these APIs, by what tells it from the others, with the codes that it lists. */
const variants = apis
  .filter(({ api, brands, verb }) => STRONG.test(api) && brands.includes('PSA') && verb !== 'subscribe')
  .map(({ verb, api, parameters, errors }) => {
    const constant = (name: string) => parameters.find((parameter) => parameter.name === name)?.values?.[0];
    const [action, type] = [constant('action'), constant('type')];
    const match = { verb, api, ...(action && { action }), ...(type && { type }) };
    return { name: [verb, api, action ?? type].filter(Boolean).join(' '), match, errors };
  });

const typical: readonly SimulatorOptions[] = [
  { hasPin: false, phoneNumber: null },
  { hasPin: false, phoneNumber: null, version: '2.0' },
  { device: { refuses: 2312, until: 'never' } },
  { blocked: true, pinAfterRemoval: 'gone' },
  {},
];

describe('whatever answers one of their requests', () => {
  test('these are the APIs that are meant', () => {
    expect(variants.length).toBeGreaterThan(15);
  });

  test.each(variants.map(({ name, ...variant }) => [name, variant] as const))(
    'to %s every listed error, a lost answer, nonsense and a throw',
    async (_, { match, errors }) => {
      const faults: Fault[] = [
        ...[...errors, 2002, 2301, 2302, 2306, 2348, 9999].map((code) => ({ kind: 'fail', code }) as const),
        { kind: 'drop' },
        { kind: 'lose' },
        { kind: 'slow', ms: 25_000 },
        { kind: 'duplicate' },
        { kind: 'malformed', message: 'OK' },
        { kind: 'throw' },
        { kind: 'noResult' },
        { kind: 'fail', code: 2310, asString: true },
      ];
      for (const account of typical) {
        for (const fault of faults) {
          for (const flow of FLOWS) {
            // Every second fault stays: a flow must not go round for ever.
            const times = faults.indexOf(fault) % 2 === 0 ? 1 : Number.POSITIVE_INFINITY;
            const { outcome, problems } = await play(account, flow, [[{ ...match, times }, fault]]);
            const told = `${flow} of ${JSON.stringify(account)} with ${JSON.stringify(fault)}: ${outcome}`;
            expect(problems, told).toEqual([]);
          }
        }
      }
    },
  );
});
