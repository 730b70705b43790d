import {
  createPinPad,
  createStrongAuth,
  fromPims,
  isApiError,
  isStrongAuthError,
  reviveError,
  type StrongAuth,
  type StrongAuthOptions,
} from 'strong-auth-machine';
import { createSafeInspector } from 'strong-auth-machine/inspect';
import { createRecovery } from 'strong-auth-machine/recovery';
import { createSimulator, type Simulator, type SimulatorOptions } from 'strong-auth-machine/simulator';
import { createScriptedDriver, strongAuthPaths, walkPath } from 'strong-auth-machine/testing';

/* What is asked of every engine. Plain code with the engine's own timers: no test runner runs there. */

const LOCK = { action: 'doors', doorState: 'lock' } as const;
const COMMAND = 'pims.vehicle.command';
const OTP = { api: 'pims.authentication.otp' };

function setStage(world: SimulatorOptions = {}, options: Partial<StrongAuthOptions> = {}) {
  const pims = createSimulator({ pin: '0042', ...world });
  const strongAuth = createStrongAuth({ transport: fromPims(pims), enterPin: pims.enterPin, ...options });
  const lock = () => strongAuth.set(COMMAND, LOCK);
  const honk = () => strongAuth.set(COMMAND, { action: 'horn' });
  return { pims, strongAuth, lock, honk };
}

function same(actual: unknown, expected: unknown): void {
  const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${is} instead of ${should}`);
}

const rejection = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('it resolved');
};
const codeOf = async (call: Promise<unknown>): Promise<unknown> => {
  const error = await rejection(call);
  return isStrongAuthError(error) ? [error.code, error.remedy] : error;
};
const until = async (isSo: () => boolean): Promise<void> => {
  for (let turns = 0; !isSo(); turns += 1) {
    if (turns > 1000) throw new Error(`never: ${isSo}`);
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
  }
};
const effects = ({ effects: seen }: Simulator) => ({
  prompts: seen.prompts,
  otps: seen.otpRequests.length,
  executions: seen.executionsOf({ api: COMMAND }),
});
const status = ({ view }: StrongAuth) => view.getSnapshot().status;

export const checks: Readonly<Record<string, () => Promise<void>>> = {
  async 'a challenged call is replayed once, after one prompt and one OTP'() {
    const { pims, strongAuth, lock } = setStage();
    await lock();
    same(effects(pims), { prompts: 1, otps: 1, executions: 1 });
    same([pims.car.isLocked, status(strongAuth)], [true, 'done']);
  },

  async 'ten calls at once share one prompt and one OTP'() {
    const { pims, honk } = setStage({ latencyMs: [0, 5] });
    await Promise.all(Array.from({ length: 10 }, honk));
    same(effects(pims), { prompts: 1, otps: 1, executions: 10 });
  },

  async 'a wrong PIN is asked for again while the calls wait'() {
    const { pims, lock } = setStage();
    pims.human.types('9999');
    await lock();
    same(effects(pims), { prompts: 2, otps: 2, executions: 1 });
  },

  async 'a PIN in the digits of another script goes through the PIN pad'() {
    const pad = createPinPad();
    const phases: string[] = [];
    pad.view.subscribe(() => phases.push(pad.view.getSnapshot().phase));
    const { pims, lock } = setStage({}, { enterPin: pad.enterPin });
    const locked = lock();
    await until(() => pad.view.getSnapshot().isOpen);
    pad.submit('\u0660\u0660\u0664\u0662'); // 0042 in Arabic-Indic digits
    await locked;
    await until(() => phases[phases.length - 1] === 'closed');
    same([pims.car.isLocked, ...phases], [true, 'asking', 'checking', 'closed']);
  },

  async 'an OTP that needs the reset is requested once more, with the same PIN'() {
    const { pims, lock } = setStage({ device: { refuses: 2312, until: 'reset' } });
    await lock();
    same(effects(pims), { prompts: 1, otps: 2, executions: 1 });
    same(
      pims.effects.otpRequests.map(({ resetStep }) => resetStep),
      [false, true],
    );
  },

  async 'a blocked account ends every waiting call, and recovery unblocks it'() {
    const { pims, lock } = setStage({ blocked: true });
    same(
      await Promise.all([lock(), lock()].map(codeOf)),
      Array(2).fill(['ACCOUNT_BLOCKED', 'unblockAccount']),
    );
    await createRecovery({ transport: fromPims(pims), ask: pims.answer }).unblockAccount();
    same([pims.account.isBlocked, effects(pims).executions], [false, 0]);
  },

  async 'a prompt that nobody answers ends by its timer'() {
    const { pims, lock } = setStage({}, { policy: { pinEntryTimeoutMs: 20 } });
    pims.human.ignores();
    const begin = Date.now();
    same(await codeOf(lock()), ['PIN_ENTRY_TIMED_OUT', 'retry']);
    if (Date.now() - begin < 15) throw new Error('the timer fired at once');
  },

  async 'a call that is aborted rejects, and its prompt is closed'() {
    let prompted: AbortSignal | undefined;
    const { strongAuth } = setStage(
      {},
      {
        enterPin: ({ signal }) =>
          new Promise(() => {
            prompted = signal;
          }),
      },
    );
    const controller = new AbortController();
    const locked = rejection(strongAuth.set(COMMAND, LOCK, { signal: controller.signal }));
    await until(() => prompted !== undefined);
    controller.abort();
    same(((await locked) as Error).name, 'AbortError');
    await until(() => prompted?.aborted === true);
  },

  async 'after a cancel, a late OTP replays nothing'() {
    const { pims, strongAuth, lock } = setStage();
    const otp = pims.hold(OTP);
    const locked = codeOf(lock());
    await until(() => otp.arrived === 1);
    strongAuth.cancel();
    same(await locked, ['CANCELLED', 'retry']);
    otp.release();
    await until(() => status(strongAuth) === 'cancelled');
    same(effects(pims), { prompts: 1, otps: 1, executions: 0 });
  },

  async 'a challenge that arrives after the grant is replayed without a prompt'() {
    const { pims, lock, honk } = setStage();
    const late = pims.hold({ action: 'horn' });
    const honked = honk();
    await until(() => late.arrived === 1);
    await lock();
    late.release();
    await honked;
    same(effects(pims), { prompts: 1, otps: 1, executions: 2 });
  },

  async 'a challenged subscription gets its events, and none after its end'() {
    const { pims, strongAuth } = setStage();
    const seen: unknown[] = [];
    pims.script({ verb: 'subscribe' }, { kind: 'challenge' });
    const subscription = await strongAuth.subscribe('pims.vehicle.event', {}, ({ result }) =>
      seen.push(result),
    );
    pims.emit('pims.vehicle.event', { result: { alarm: 1 } });
    await until(() => seen.length === 1);
    await subscription.unsubscribe();
    pims.emit('pims.vehicle.event', { result: { alarm: 2 } });
    same([seen, pims.effects.prompts], [[{ alarm: 1 }], 1]);
  },

  async 'the PIN is in no event, snapshot, message of the inspector, or error'() {
    const said: unknown[] = [];
    const hear = (each: unknown) => said.push(each);
    const { pims, strongAuth, lock } = setStage({}, { onEvent: hear, inspect: createSafeInspector(hear) });
    pims.script(OTP, { kind: 'fail', code: 2104 });
    const denied = await rejection(lock());
    pims.script({ api: COMMAND }, { kind: 'fail', code: 2105 });
    const refused = await rejection(lock());
    if (!isStrongAuthError(denied) || !isApiError(refused))
      throw new Error('these are no errors of the package');
    const [first, second] = [denied, refused].map((error) => reviveError(JSON.parse(JSON.stringify(error))));
    if (!isStrongAuthError(first) || !isApiError(second)) throw new Error('an error does not survive JSON');
    const everything = JSON.stringify([
      ...[said, strongAuth.actor.getPersistedSnapshot(), strongAuth.view.getSnapshot(), strongAuth.explain()],
      ...[denied, refused].map(({ message, stack = '' }) => message + stack),
    ]);
    if (said.length < 10) throw new Error('nothing was said');
    if (everything.includes('0042')) throw new Error('it is there');
  },

  async 'generated paths of the test kit hold'() {
    const paths = strongAuthPaths().filter((_, index) => index % 40 === 0);
    for (const path of paths) await walkPath(path, createScriptedDriver(path.world));
    if (paths.length < 20) throw new Error('there are no paths');
  },
};
