import { refuseUnknownNames } from '../host/names.js';
import type { ApiParameters, Verb } from '../messages/message.js';
import type { Random } from './random.js';

/** Selects requests. A field that is left out matches everything. */
export interface RequestMatch {
  /** The verb of the request. */
  readonly verb?: Verb;
  /** The API of the request. */
  readonly api?: string;
  /** `parameters.action`. */
  readonly action?: string;
  /** `parameters.type`, which tells requests for SMS from those about the account. */
  readonly type?: string;
}

/** Selects the requests that a fault hits. */
export interface FaultMatch extends RequestMatch {
  /**
   * How many matching requests the fault hits.
   *
   * @default 1; `Infinity` for all
   */
  readonly times?: number;
  /**
   * How many matching requests pass before that.
   *
   * @default 0
   */
  readonly after?: number;
}

const KINDS: { readonly [Kind in FaultKind]: true } = {
  ...{ fail: true, challenge: true, drop: true, lose: true, slow: true, duplicate: true, malformed: true },
  ...{ throw: true, noResult: true, stringCode: true },
};

/** @throws TypeError for a kind of fault that does not exist. */
export function checkKind(kind: string): void {
  if (!Object.keys(KINDS).includes(kind)) throw new TypeError(`${kind} is no kind of fault`);
}

/** What can go wrong with one request. */
export type Fault =
  /** The request is refused with a code of the SDK, and not executed; with 2316, which says so, it is. */
  | {
      readonly kind: 'fail';
      /** The code. */
      readonly code: number;
      /**
       * The label.
       *
       * @default the label of the catalogue
       */
      readonly label?: string;
      /** Whether the code is a string, as in the SDK's Get Started. */
      readonly asString?: boolean;
    }
  /** The request is answered 2302, whatever the session. */
  | { readonly kind: 'challenge' }
  /** The request is executed, but its callback is never called. */
  | { readonly kind: 'drop' }
  /** The request is lost: it is not executed, and its callback is never called. */
  | { readonly kind: 'lose' }
  /** The request is executed at once, but answered later than others. */
  | {
      readonly kind: 'slow';
      /** How much later, in milliseconds. */
      readonly ms: number;
    }
  /** The callback is called twice with the same message. */
  | { readonly kind: 'duplicate' }
  /** The request is executed, and its answer is malformed. */
  | {
      readonly kind: 'malformed';
      /** What the callback receives. */
      readonly message: unknown;
    }
  /** The SDK throws synchronously, and does not execute the request. */
  | {
      readonly kind: 'throw';
      /**
       * The thrown value.
       *
       * @default an `Error`
       */
      readonly error?: unknown;
    }
  /** The request is executed, and SUCCEEDED comes without a result. */
  | { readonly kind: 'noResult' }
  /** The code of a FAILED answer is a string. */
  | { readonly kind: 'stringCode' };

/** The kinds of faults. */
export type FaultKind = Fault['kind'];

/**
 * The probability of each fault for each request, 0 to 1. The faults are tried in the order
 * in which they are listed here.
 */
export type FaultMix = { readonly [Kind in FaultKind]?: number };

const FIELDS: { readonly [Field in keyof RequestMatch]-?: true } = {
  ...{ verb: true, api: true, action: true, type: true },
};

/**
 * Checks a match: one with a misspelt field would match every request.
 *
 * @param others The fields that it may have beside.
 * @throws TypeError for a field that does not exist.
 */
export function checkMatch(match: RequestMatch, others?: object): void {
  refuseUnknownNames(match, { ...FIELDS, ...others }, (name) => `requests cannot be selected by ${name}`);
}

/** @returns Whether a request matches. */
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

/** Ordered faults, and random faults. */
export interface FaultScript {
  order(match: FaultMatch, fault: Fault): void;
  /** @returns The fault that hits this request; `undefined` if none does. */
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
      checkKind(fault.kind);
      checkMatch(match, { times: true, after: true });
      const { after: toSkip = 0, times: left = 1 } = match;
      if (left > 0) orders.push({ match, fault, toSkip, left });
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

/** @returns A random fault of this kind. */
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
