import { StrictMode } from 'react';
import { act, create } from 'react-test-renderer';
import { fromPims } from 'strong-auth-machine';
import { type RecoveryPadControl, useRecovery, useRecoveryPad } from 'strong-auth-machine/react';
import {
  createRecovery,
  createRecoveryPad,
  type Recovery,
  type RecoveryPad,
} from 'strong-auth-machine/recovery';
import { createManualClock, createSimulator } from 'strong-auth-machine/simulator';
import { expect, test, vi } from 'vitest';
import { outcomeOf, turn } from './support.js';

interface ScreenProps {
  readonly recovery: Recovery;
  readonly pad: RecoveryPad;
  readonly onRender: (control: RecoveryPadControl) => void;
}

function Screen({ recovery, pad, onRender }: ScreenProps) {
  const { status } = useRecovery(recovery);
  const control = useRecoveryPad(pad);
  onRender(control);
  return `${status} ${control.question?.kind ?? 'nothing'} ${control.resendInSeconds ?? ''}`;
}

test('hooks tell what is asked, also mounted twice, and what a render got answers that question only', async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  const clock = createManualClock(1_700_000_000_000);
  const simulator = createSimulator({ clock, device: { refuses: 2312, until: 'never' } });
  const pad = createRecoveryPad({ clock });
  const recovery = createRecovery({ transport: fromPims(simulator), ask: pad.ask, clock });
  let control: RecoveryPadControl | undefined;
  const onRender = (latest: RecoveryPadControl) => {
    control = latest;
  };
  let screen: ReturnType<typeof create> | undefined;
  await act(async () => {
    screen = create(
      <StrictMode>
        <Screen recovery={recovery} pad={pad} onRender={onRender} />
      </StrictMode>,
    );
  });
  expect(screen?.toJSON()).toBe('idle nothing ');
  let outcome = { now: '' as string };
  await act(async () => {
    outcome = outcomeOf(recovery.enrollDevice());
    await turn();
  });
  expect(screen?.toJSON()).toBe('awaitingCode smsCode 30');
  await act(async () => clock.advance(1_000));
  expect(screen?.toJSON()).toBe('awaitingCode smsCode 29');
  const before = control;
  await act(async () => {
    control?.submit(simulator.smsCode as string);
    await turn();
  });
  await act(async () => {
    before?.cancel();
    before?.submit('9999');
    await turn();
  });
  expect(screen?.toJSON()).toBe('askingPin pin ');
  await act(async () => {
    control?.submit('1234');
    await turn();
  });
  expect([outcome.now, screen?.toJSON()]).toEqual(['done', 'done nothing ']);
  await act(async () => screen?.unmount());
});
