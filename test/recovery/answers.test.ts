import type { RecoveryFlow } from 'strong-auth-machine/recovery';
import type { RequestMatch } from 'strong-auth-machine/simulator';
import { describe, expect, test } from 'vitest';
import { createStage, NOT_ENROLLED, outcomeOf, settle, turn } from './support.js';

describe('what the SDK answers', () => {
  const ACCOUNT = 'pims.authentication.account';
  const CODES = [2305, 2306, 2308, 2315, 2390];

  /** Runs a flow whose matching requests are all refused. @returns How it ended, and what was asked. */
  async function refuse(flow: RecoveryFlow, match: RequestMatch, code: number, label?: string) {
    const stage = createStage(flow === 'changePin' ? {} : { blocked: true });
    stage.simulator.script({ ...match, times: Infinity }, { kind: 'fail', code, ...(label && { label }) });
    const outcome = outcomeOf(stage.recovery[flow]());
    for (let step = 0; step < 4; step += 1) await turn(); // the answer is enough: no time passes
    const asked = stage.facts.flatMap((fact) => (fact.type === 'asked' ? [fact.kind] : []));
    return { code: outcome.now, asked };
  }

  test.each(CODES)('%i ends a flow at once where nothing of the user was sent', async (code) => {
    const told = code === 2390 ? 'PHONE_TAKEN' : 'REFUSED';
    for (const match of [{ type: 'isAccountBlocked' }, { action: 'remove' }]) {
      const { code: ended, asked } = await refuse('unblockAccount', match, code);
      expect([ended, asked], JSON.stringify(match)).toEqual([told, match.action ? ['confirmRemoval'] : []]);
    }
    expect(await refuse('changePin', { api: ACCOUNT }, code)).toEqual({ code: told, asked: [] });
  });

  test.each([2305, 2306])('%i on a change of the PIN asks for no code: none was sent', async (code) => {
    const { code: ended, asked } = await refuse('changePin', { action: 'update' }, code);
    expect([ended, asked]).toEqual(['REFUSED', ['pin', 'newPin']]);
  });

  test('a registered number ends the flow when the SMS is asked for', async () => {
    const stage = createStage({ hasPin: false, phoneNumber: null });
    stage.simulator.script({ type: 'phoneNumberCertification' }, { kind: 'fail', code: 2390 });
    const outcome = outcomeOf(stage.recovery.enrollDevice());
    await turn();
    await turn();
    expect(outcome.now).toBe('PHONE_TAKEN');
  });

  test('a label that names a PIN asks for one only where one was sent', async () => {
    const label = 'Parameter invalid: type resetPIN';
    const { code, asked } = await refuse('changePin', { action: 'update' }, 2102, 'Parameter invalid: other');
    expect([code, asked]).toEqual(['NOT_SUPPORTED', ['pin', 'newPin']]);
    const stage = createStage();
    stage.simulator.script({ type: 'resetPIN' }, { kind: 'fail', code: 2102, label });
    expect(await settle(stage, stage.recovery.resetPin())).toBe('NOT_SUPPORTED');
    expect(stage.facts.filter(({ type }) => type === 'asked')).toEqual([]);
  });

  test('an old PIN that the SDK would not even try is asked for again, not the new one', async () => {
    const stage = createStage();
    stage.simulator.script({ action: 'update' }, { kind: 'fail', code: 2102, label: 'invalid oldPIN' });
    expect(await settle(stage, stage.recovery.changePin())).toBe('done');
    const asked = stage.facts.flatMap((fact) =>
      fact.type === 'asked' ? [`${fact.kind} ${fact.reason}`] : [],
    );
    expect(asked).toEqual(['pin needed', 'newPin needed', 'pin pinRejected']);
  });

  test.each([true, 'true', 'True', 1, '1'])('%o is a yes', async (yes) => {
    const stage = createStage({ blocked: true });
    const result = { isDeviceActivated: yes, isAccountBlocked: yes };
    const message = { status: 'SUCCEEDED', result };
    stage.simulator.script({ type: 'isDeviceActivated' }, { kind: 'malformed', message });
    expect(await settle(stage, stage.recovery.enrollDevice())).toBe('done');
    expect(stage.facts.filter(({ type }) => type === 'asked')).toEqual([]);

    stage.simulator.script({ type: 'isAccountBlocked' }, { kind: 'malformed', message });
    expect(await settle(stage, stage.recovery.unblockAccount())).toBe('done');
    expect(stage.simulator.effects.executionsOf({ action: 'remove' })).toBe(1);
  });

  test.each([false, 'false', 'FALSE', 0, '0'])('%o is a no', async (no) => {
    const stage = createStage({ device: NOT_ENROLLED });
    const message = { status: 'SUCCEEDED', result: { isDeviceActivated: no, isAccountBlocked: no } };
    stage.simulator.script({ type: 'isDeviceActivated' }, { kind: 'malformed', message });
    stage.simulator.script({ type: 'isAccountBlocked' }, { kind: 'malformed', message });
    expect(await settle(stage, stage.recovery.unblockAccount())).toBe('done');
    expect(stage.simulator.effects.executionsOf({ action: 'remove' })).toBe(0);
    expect(stage.simulator.enrolment.isEnrolled).toBe(true);
  });

  test.each([
    ['without a prototype', Object.create(null)],
    [
      'whose text throws',
      {
        toString() {
          throw new Error('no text');
        },
      },
    ],
  ])('a value %s is no answer, and ends the flow at once', async (_, told) => {
    const message = { status: 'SUCCEEDED', result: { isDeviceActivated: told } };
    const transport = { send: async () => message };
    const { recovery } = createStage({}, { transport });
    const outcome = outcomeOf(recovery.changePin());
    await turn();
    await turn();
    expect(outcome.now).toBe('OUTCOME_UNKNOWN');
  });
});
