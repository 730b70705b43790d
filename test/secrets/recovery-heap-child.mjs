// Runs one flow of a recovery on the built package, drops everything of its own, collects, and writes a heap snapshot. The
// secrets are computed, never written, so that nothing but a leak can hold their texts.
import { writeHeapSnapshot } from 'node:v8';
import { createRecovery } from '../../dist/recovery.js';

const [story, file, seed] = process.argv.slice(2);
const stories = {
  enrolled: { flow: 'enrollDevice', isNew: true },
  wrongOnce: { flow: 'enrollDevice', wrong: { 2305: 1, 2308: 1 } },
  rejected: { flow: 'enrollDevice', wrong: { 2308: 9 } },
  reset: { flow: 'resetPin', isEnrolled: true, wrong: { 2315: 1 } },
  changed: { flow: 'changePin', isEnrolled: true, wrong: { 2308: 1 } },
  cancelled: { flow: 'enrollDevice', cancelsAt: 'pin' },
  unanswered: { flow: 'enrollDevice', isSilent: true },
  disposed: { flow: 'changePin', isEnrolled: true, cancelsAt: 'newPin', ends: 'dispose' },
  leaking: { flow: 'changePin', isEnrolled: true },
};
const { flow, isNew, isEnrolled, wrong = {}, cancelsAt, isSilent, ends = 'cancel' } = stories[story];

const later = (value) => new Promise((resolve) => setTimeout(resolve, 5, value));
const ok = (result = {}) => ({ status: 'SUCCEEDED', result });
const no = (code) => ({ status: 'FAILED', error: { code, label: '' } });
/** Refuses as often as the story wants. */
const judge = (codes, result) => {
  const code = codes.find((one) => wrong[one] > 0);
  if (code === undefined) return ok(result);
  wrong[code] -= 1;
  return no(code);
};
const transport = {
  async send({ verb, api, parameters = {} }) {
    const [name] = api.split('.').slice(-1);
    if (name === 'steps') return later(ok({ deviceActivation: { status: 'todo' } }));
    if (name === 'account')
      return later(ok({ isDeviceActivated: isEnrolled ?? false, isAccountBlocked: false }));
    if (name === 'trustedphonenumber') return later(isNew ? no(2307) : ok({ phoneNumber: 'known' }));
    if (name === 'smscode' && verb === 'get') return later(ok());
    if (isSilent) {
      queueMicrotask(() => recovery.cancel());
      return new Promise(() => {});
    }
    if (name === 'smscode') return later(judge([2305], { status: 'AlreadyEnrolled' }));
    return later(judge(parameters.action === 'reset' ? [2315] : [2308]));
  },
};

let answers = 0;
const recovery = createRecovery({
  transport,
  async ask({ kind }) {
    if (kind === cancelsAt) {
      queueMicrotask(() => recovery[ends]());
      return new Promise(() => {});
    }
    answers += 1;
    const digits = Number(seed) + answers;
    const given = kind === 'phoneNumber' ? ['+33', digits].join('') : String(digits);
    if (story === 'leaking') globalThis.leak = given;
    return given;
  },
});
const outcome = await recovery[flow]().then(
  () => 'done',
  (error) => error.code,
);
await later();
for (let round = 0; round < 5; round += 1) {
  globalThis.gc();
  await later();
}
writeHeapSnapshot(file);
console.log(JSON.stringify({ answers, outcome, status: recovery.view.getSnapshot().status }));
recovery.dispose(); // or its timers keep this process
