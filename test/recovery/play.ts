import {
  createRecovery,
  type RecoveryFact,
  type RecoveryFlow,
  type RecoveryOptions,
} from 'strong-auth-machine/recovery';
import { createManualClock } from 'strong-auth-machine/simulator';
import { no, ok, settle } from './support.js';

/** What the user enters, unless a test says otherwise. */
export const RIGHT = {
  pin: '1234',
  newPin: '2580',
  smsCode: '424242',
  phoneNumber: '+33611111111',
  confirmRemoval: true,
} as const;

/** Who does not answer at all. */
export const NEVER = new Promise<never>(() => {});

/** Answers by request, or by question: one for every time, or one after the other, of which the last one stays. */
type Answers = Readonly<Record<string, unknown>>;

/** A request, as it is sent. */
interface Sent {
  readonly verb: string;
  readonly api: string;
  readonly parameters?: Readonly<Record<string, unknown>>;
}

/** @returns `set enrollment enroll`, for example. */
export const nameOf = ({ verb, api, parameters = {} }: Sent) =>
  [verb, api.split('.').at(-1), parameters.action ?? parameters.type].filter(Boolean).join(' ');

export const activated = (isDeviceActivated: unknown) => ok({ isDeviceActivated });

export const NEW_DEVICE = { 'get account isDeviceActivated': activated(false) };
export const ENROLLED = { 'get account isDeviceActivated': activated(true) };
export const BLOCKED = { 'get account isAccountBlocked': ok({ isAccountBlocked: 'PinBlocked' }) };
export const KNOWN_PHONE = { 'get trustedphonenumber': ok({ phoneNumber: '+33600000000' }) };
export const HAS_PIN = { 'set smscode enrollment': ok({ status: 'AlreadyEnrolled' }) };
export const OLD_SDK = { 'set enrollment enrollWithPhoneNumber': no(2002) };

/**
 * Plays one flow with an SDK that answers so, and well where nothing is said.
 *
 * @returns What was sent and asked, and how the flow ended.
 */
export async function play(flow: RecoveryFlow, answers: Answers, options: Partial<RecoveryOptions> = {}) {
  const clock = createManualClock(1_700_000_000_000);
  const [requests, asked, facts]: [Sent[], string[], RecoveryFact[]] = [[], [], []];
  const times = new Map<string, number>();
  const next = (name: string, otherwise: unknown) => {
    const time = times.get(name) ?? 0;
    times.set(name, time + 1);
    const given = name in answers ? answers[name] : otherwise;
    return Array.isArray(given) ? given[Math.min(time, given.length - 1)] : given;
  };
  const recovery = createRecovery({
    clock,
    transport: {
      async send(request) {
        requests.push(request as Sent);
        return next(nameOf(request as Sent), ok()) as object;
      },
    },
    ask({ kind, reason }) {
      asked.push(`${kind} ${reason}`);
      return next(kind, RIGHT[kind]) as string;
    },
    onEvent: (fact) => facts.push(fact),
    ...options,
  });
  const error = recovery[flow]().then(
    () => undefined,
    (reason: unknown) => reason as { code: string; remedy: string; details: object },
  );
  await settle({ clock }, error);
  const ended = await error;
  return {
    requests,
    asked,
    ended: ended?.code ?? 'done',
    remedy: ended?.remedy,
    details: ended?.details,
    responded: facts.flatMap((fact) => (fact.type === 'responded' ? [fact] : [])),
    status: recovery.view.getSnapshot().status,
    /** Timers that are left. */
    pending: clock.pending,
  };
}
