// Runs one wave on the built package, drops everything of its own, collects, and writes a heap snapshot. The secrets are
// computed, never written, so that nothing but a leak can hold their texts.
import { writeHeapSnapshot } from 'node:v8';
import { createStrongAuth } from '../../dist/index.js';

const [story, file, seed] = process.argv.slice(2);
const pinOf = (n) => String(Number(seed) + n);
const otpOf = (n) => ['otp', Number(seed) * 7 + n].join('_');

let pins = 0;
let otps = 0;
const later = (value) => new Promise((resolve) => setTimeout(resolve, 5, value));
const transport = {
  async send({ api }) {
    if (api !== 'pims.authentication.otp') {
      if (story === 'replaying' && otps > 0) return new Promise(() => {});
      return later(
        otps > (['granted', 'prepareReplay', 'requestOtp'].includes(story) ? 0 : 1) ? ok() : challenge(),
      );
    }
    otps += 1;
    if (story === 'unanswered') return new Promise(() => {});
    if (story === 'wrongPin' && otps === 1)
      return later({ status: 'FAILED', error: { code: 2308, label: '' } });
    if (story === 'resetStep' && otps === 1)
      return later({ status: 'FAILED', error: { code: 2312, label: '' } });
    return later({ status: 'SUCCEEDED', result: { otp: otpOf(otps) } });
  },
};
const ok = () => ({ status: 'SUCCEEDED', result: {} });
const challenge = () => ({ status: 'FAILED', error: { code: 2302, label: '' } });

const strongAuth = createStrongAuth({
  transport,
  enterPin: async () => {
    pins += 1;
    const pin = pinOf(pins);
    if (story === 'leaking') globalThis.leak = pin;
    return pin;
  },
  ...(story === 'requestOtp' && {
    async requestOtp(_pin, request) {
      globalThis.kept = request; // a host may: it holds nothing private
      otps += 1;
      return later({ status: 'SUCCEEDED', result: { otp: otpOf(otps) } });
    },
  }),
  ...(story === 'prepareReplay' && {
    prepareReplay(request, otp) {
      otp.reveal();
      return request;
    },
  }),
});
const call = strongAuth.set('pims.vehicle.command', { action: 'horn' }).catch((error) => error.code);
if (story === 'unanswered') {
  await later();
  await later();
  await later();
  strongAuth.cancel();
}
if (story !== 'replaying') await call;
else while (strongAuth.view.getSnapshot().status !== 'replaying') await later();
await later();
for (let round = 0; round < 5; round += 1) {
  globalThis.gc();
  await later();
}
writeHeapSnapshot(file);
console.log(JSON.stringify({ pins, otps, status: strongAuth.view.getSnapshot().status }));
strongAuth.dispose(); // or its timers keep this process
