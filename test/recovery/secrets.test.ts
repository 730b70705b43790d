import { inspect } from 'node:util';
import { fromPims } from 'strong-auth-machine';
import { createSafeInspector } from 'strong-auth-machine/inspect';
import { createRecovery, type RecoveryQuestion } from 'strong-auth-machine/recovery';
import { createManualClock, createSimulator, type SimulatorOptions } from 'strong-auth-machine/simulator';
import { expect, test, vi } from 'vitest';
import type { InspectionEvent } from 'xstate';
import { textOf as paramsToText } from '../secrets/sinks.js';
import { FLOWS, settle } from './support.js';

const [OLD_PIN, NEW_PIN, PHONE] = ['70416253', '83527194', '+33698765432'];

const accounts: Readonly<Record<string, SimulatorOptions>> = {
  'a new account': { hasPin: false, phoneNumber: null },
  'an account with a PIN': { device: { refuses: 2312, until: 'never' } },
  'a blocked account': { blocked: true, pinAfterRemoval: 'gone' },
  'an enrolled device': {},
};

/** Everything that is reachable from `value`, as text: own fields of objects, Maps and Sets included, however deep. */
const textOf = (value: unknown) =>
  inspect(value, {
    depth: 12,
    showHidden: true,
    getters: false,
    maxArrayLength: null,
    maxStringLength: null,
  });

test.each(Object.entries(accounts))(
  '%s: no PIN, code or phone number is in anything that leaves',
  async (_, account) => {
    for (const flow of FLOWS) {
      for (const breaks of [false, true]) {
        const clock = createManualClock(1_700_000_000_000);
        const simulator = createSimulator({ clock, pin: OLD_PIN, ...account });
        const [codes, told]: [string[], unknown[]] = [[], []];
        const printed = ['log', 'info', 'warn', 'error', 'debug'].map((name) =>
          vi.spyOn(console, name as 'log').mockImplementation((...args) => void told.push(args)),
        );
        const safe = createSafeInspector((message) => told.push(message));
        const ask = async (question: RecoveryQuestion) => {
          const { kind } = question;
          if (kind === 'smsCode') {
            const code = simulator.smsCode ?? '424242';
            codes.push(code);
            // The back end may echo what it was sent: as a code of its error, and in its label.
            if (breaks) simulator.script({ verb: 'set' }, { kind: 'fail', code: Number(code), label: code });
            return code;
          }
          if (kind === 'confirmRemoval') return true;
          if (kind === 'phoneNumber') return PHONE;
          const pin = kind === 'newPin' ? NEW_PIN : OLD_PIN;
          if (breaks)
            simulator.script({ verb: 'set' }, { kind: 'throw', error: new Error(`${pin} is wrong`) });
          return pin;
        };
        const recovery = createRecovery({
          transport: fromPims(simulator),
          ask,
          clock,
          onEvent: (fact) => told.push(fact),
          inspect(event: InspectionEvent) {
            safe(event);
            if ('event' in event) told.push(JSON.stringify(event.event));
            if (event.type === '@xstate.action') told.push(paramsToText(event.action.params));
            if ('snapshot' in event) told.push(JSON.stringify(event.snapshot));
          },
        });
        recovery.view.subscribe((view) => told.push(view, recovery.explain(), String(recovery.explain())));
        const ended = recovery[flow]().catch((error: unknown) => {
          told.push(error, textOf(error), JSON.stringify(error), String((error as Error).stack));
        });
        await settle({ clock }, ended, { steps: 200 });
        told.push(JSON.stringify(recovery.actor.getPersistedSnapshot()), textOf(recovery.view.getSnapshot()));
        for (const spy of printed) spy.mockRestore();
        const text = textOf(told);
        for (const secret of [OLD_PIN, NEW_PIN, PHONE, ...codes]) {
          expect(text.includes(secret), `${flow}, ${breaks ? 'with echoes' : 'well'}`).toBe(false);
        }
        expect(told.length).toBeGreaterThan(10);
      }
    }
  },
);
