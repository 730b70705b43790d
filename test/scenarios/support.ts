import type { StrongAuthOptions } from 'strong-auth-machine';
import { createScriptedTransport } from 'strong-auth-machine/testing';
import { answersOf, setStage } from '../support/stage.js';

export { createManualClock } from 'strong-auth-machine/simulator';
export { createScriptedUser, settleDown } from 'strong-auth-machine/testing';
export {
  at,
  COMMAND,
  OTP,
  PIN,
  START,
  surfaced,
  turn,
  watched as watch,
} from '../support/stage.js';

export const EVENTS = 'pims.vehicle.event';
export const DOORS = { action: 'doors', doorState: 'unlock' } as const;

const TRANSACTION = '953cfefb-bc72';
export const { succeeded, failed } = answersOf(TRANSACTION);
export const event = (result: unknown) => ({ transactionId: TRANSACTION, status: 'RESULT', result });
export const eventError = (code: number) => ({
  transactionId: TRANSACTION,
  status: 'RESULT',
  error: { code, label: 'label' },
});
export const challenge = () => failed(2302, 'Need Strong Authentication');
export const GRANT = succeeded({ otp: '918273' });

/** One registration that a scripted transport was asked for. */
export interface ScriptedRegistration {
  readonly api: string;
  readonly parameters: unknown;
  readonly signal: AbortSignal;
  emit(message: unknown): void;
}

/** The scripted transport, which can subscribe too. */
export function createTransport() {
  const scripted = createScriptedTransport();
  const registrations: ScriptedRegistration[] = [];
  return {
    ...scripted,
    registrations,
    subscribe(
      request: { api: string; parameters?: unknown },
      emit: (message: unknown) => void,
      options: { signal: AbortSignal },
    ) {
      registrations.push({
        api: request.api,
        parameters: request.parameters,
        signal: options.signal,
        emit,
      });
    },
  };
}

/** A client on a transport that can subscribe. */
export function stage(options: Partial<StrongAuthOptions> = {}) {
  const transport = createTransport();
  const scenery = { transport, doors: DOORS, challenge: challenge(), grant: GRANT, success: succeeded() };
  return Object.assign(setStage(scenery, options), { registrations: transport.registrations });
}

/** What the OTP requests carried. */
export const pinsSent = (app: ReturnType<typeof stage>) => app.otps.map(({ request }) => request.parameters);
