import type { ApiParameters, Verb } from '../messages/message.js';
import type { Random } from './random.js';

/** Which requests are meant. What is left out matches everything. */
export interface RequestMatch {
  /** What is asked. */
  readonly verb?: Verb;
  /** The API. */
  readonly api?: string;
  /** `parameters.action`. */
  readonly action?: string;
  /** `parameters.type`, which tells the requests for SMS and those about the account apart. */
  readonly type?: string;
}

/** Which requests a fault is ordered for. */
export interface FaultMatch extends RequestMatch {
  /** How many it hits. Default 1; `Infinity` for all. */
  readonly times?: number;
  /** How many it lets pass first. Default 0. */
  readonly after?: number;
}

/** What can go wrong with one request. */
export type Fault =
  /** Refused with a code of the SDK instead of being executed. */
  | {
      readonly kind: 'fail';
      /** The code. */
      readonly code: number;
      /** Its text. Default: that of the catalogue. */
      readonly label?: string;
      /** Prints the code as a string, as the SDK's Get Started does. */
      readonly asString?: boolean;
    }
  /** 2302, whatever the session. */
  | { readonly kind: 'challenge' }
  /** Executed, but the callback never comes. */
  | { readonly kind: 'drop' }
  /** Lost on the way: not executed, and the callback never comes. */
  | { readonly kind: 'lose' }
  /** Executed at once, answered later than others. */
  | {
      readonly kind: 'slow';
      /** How much later, in milliseconds. */
      readonly ms: number;
    }
  /** The callback comes twice, with the same message. */
  | { readonly kind: 'duplicate' }
  /** Executed, and answered with nonsense. */
  | {
      readonly kind: 'malformed';
      /** What the callback gets. */
      readonly message: unknown;
    }
  /** The SDK throws at once, and nothing is executed. */
  | {
      readonly kind: 'throw';
      /** What it throws. Default: an `Error`. */
      readonly error?: unknown;
    }
  /** Executed; SUCCEEDED comes without a result. */
  | { readonly kind: 'noResult' }
  /** The code of a FAILED answer is printed as a string. */
  | { readonly kind: 'stringCode' };

/** What can go wrong, by name. */
export type FaultKind = Fault['kind'];

/** How probable each fault is for every request, 0 to 1. They are tried in the order in which they are listed here. */
export type FaultMix = { readonly [Kind in FaultKind]?: number };

/** @returns Whether a request is meant. */
export function matches(
  match: RequestMatch,
  request: { verb: Verb; api: string; parameters: ApiParameters | undefined },
): boolean {
  return (
    (match.verb === undefined || match.verb === request.verb) &&
    (match.api === undefined || match.api === request.api) &&
    (match.action === undefined || match.action === request.parameters?.action) &&
    (match.type === undefined || match.type === request.parameters?.type)
  );
}

/** Faults on order, and those that chance brings. */
export interface FaultScript {
  order(match: FaultMatch, fault: Fault): void;
  /** @returns The fault that hits this request. */
  next(request: Parameters<typeof matches>[1]): Fault | undefined;
  clear(): void;
}

export function createFaultScript(mix: FaultMix, random: Random): FaultScript {
  let orders: { match: FaultMatch; fault: Fault; toSkip: number; left: number }[] = [];
  const chances = Object.entries(mix) as [FaultKind, number][];

  const drawn = (): Fault | undefined => {
    for (const [kind, probability] of chances) if (random.next() < probability) return typical(kind, random);
    return undefined;
  };

  return {
    order(match, fault) {
      orders.push({ match, fault, toSkip: match.after ?? 0, left: match.times ?? 1 });
    },
    next(request) {
      for (const order of orders) {
        if (!matches(order.match, request)) continue;
        if (order.toSkip > 0) {
          order.toSkip -= 1;
          continue;
        }
        order.left -= 1;
        if (order.left <= 0) orders = orders.filter((other) => other !== order);
        return order.fault;
      }
      return chances.length > 0 ? drawn() : undefined;
    },
    clear() {
      orders = [];
    },
  };
}

const NONSENSE: readonly unknown[] = [
  undefined,
  null,
  '',
  'OK',
  42,
  [],
  {},
  { status: 'PENDING' },
  { status: 'FAILED' },
];
const PASSING_TROUBLE: readonly number[] = [2000, 2201, 2202, 2204];

/** @returns A fault of this kind as chance would have it. */
function typical(kind: FaultKind, random: Random): Fault {
  switch (kind) {
    case 'fail':
      return { kind, code: PASSING_TROUBLE[random.between(0, PASSING_TROUBLE.length - 1)] as number };
    case 'slow':
      return { kind, ms: random.between(1, 20_000) };
    case 'malformed':
      return { kind, message: NONSENSE[random.between(0, NONSENSE.length - 1)] };
    default:
      return { kind };
  }
}
