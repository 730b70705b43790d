import { mount } from '../../../examples/recovery/app.js';
import { createBlockedRemote } from '../../../examples/recovery/simulated.js';

declare global {
  interface Window {
    /** The code of the last SMS, as the person reads it. */
    smsCode(): string | undefined;
    /** What became of the car and of the account. */
    facts(): { readonly isLocked: boolean; readonly executions: number; readonly sms: number };
  }
}

const { simulator, ...remote } = createBlockedRemote(0, { resendAfterMs: 1_000 });
simulator.expireSession();
mount(document.body, remote);
window.smsCode = () => simulator.smsCode;
window.facts = () => ({
  isLocked: simulator.car.isLocked,
  executions: simulator.effects.executionsOf({ api: 'pims.vehicle.command' }),
  sms: simulator.enrolment.smsSent,
});
