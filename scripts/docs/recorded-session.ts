import { createPinPad, createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSafeInspector, type SafeInspectionMessage } from 'strong-auth-machine/inspect';
import { createManualClock, createSimulator } from 'strong-auth-machine/simulator';
import { createActor, setup } from 'xstate';

/** A machine of an app, beside ours: a screen that follows its own states. */
const screen = setup({
  types: {} as { events: { type: 'lock.pressed' | 'answered' | 'closed' } },
}).createMachine({
  id: 'screen',
  initial: 'browsing',
  states: {
    browsing: { on: { 'lock.pressed': 'sending' } },
    sending: {
      type: 'parallel',
      on: { answered: 'confirmed' },
      states: {
        spinner: {
          initial: 'hidden',
          states: { hidden: { after: { 400: 'shown' } }, shown: {} },
        },
        button: { initial: 'disabled', states: { disabled: {} } },
      },
    },
    confirmed: { after: { 2000: 'browsing' }, on: { closed: 'browsing' } },
  },
});

/** @returns What the inspector is sent while a user mistypes the PIN once, with the time stamps of a real session. */
export async function recordSession(): Promise<SafeInspectionMessage[]> {
  const clock = createManualClock(Date.UTC(2026, 0, 1, 12));
  const messages: SafeInspectionMessage[] = [];
  const inspect = createSafeInspector((message) => void messages.push(message), { now: () => clock.now() });
  const pad = createPinPad();
  const strongAuth = createStrongAuth({
    transport: fromPims(createSimulator({ pin: '1234', clock, latencyMs: 400 })),
    enterPin: pad.enterPin,
    clock,
    inspect,
  });
  const app = createActor(screen, { inspect, clock }).start();
  /** Lets time pass in small steps, each with what follows from it. */
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 50) {
      clock.advance(50);
      for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    }
  };
  const enter = async (pin: string) => {
    pad.submit(pin, pad.view.getSnapshot().prompt);
    await pass(600);
  };

  await pass(500);
  app.send({ type: 'lock.pressed' });
  const locked = strongAuth.set('pims.vehicle.command', { action: 'doors', doorState: 'lock' });
  await pass(600);
  const horn = strongAuth.set('pims.vehicle.command', { action: 'horn' });
  await pass(1500);
  await enter('0000');
  await pass(1200);
  await enter('1234');
  await pass(800);
  await Promise.all([locked, horn]);
  app.send({ type: 'answered' });
  await pass(2500);
  const recorded = [...messages]; // without their end
  app.stop();
  strongAuth.dispose();
  return recorded;
}
