import type { Verb } from '../messages/message.js';
import { checkMatch, type FaultKind, matches, type RequestMatch } from './faults.js';

/** One request that arrived, with its outcome and without its parameters. */
export interface SeenRequest {
  /** When the request arrived, in epoch ms. */
  readonly at: number;
  /** The verb of the request. */
  readonly verb: Verb;
  /** The API that was called. */
  readonly api: string;
  /** `parameters.action`, if it had one. */
  readonly action?: string;
  /** `parameters.type`, if it had one. */
  readonly type?: string;
  /** `SUCCEEDED`, or the code of the refusal. */
  readonly outcome: 'SUCCEEDED' | number;
  /** Whether the car or the account executed the request. */
  readonly executed: boolean;
}

/** One OTP request that arrived. */
export interface SeenOtpRequest {
  /** When the request arrived, in epoch ms. */
  readonly at: number;
  /** Whether the request repeats one that was answered 2312 or 2317. */
  readonly resetStep: boolean;
  /** `SUCCEEDED`, or the code of the refusal. */
  readonly outcome: 'SUCCEEDED' | number;
}

/**
 * What the simulator recorded, for tests to assert on: effects, not promises. A door
 * that is unlocked twice is a bug.
 */
export interface Effects {
  /** Every request that arrived, in order. */
  readonly requests: readonly SeenRequest[];
  /** Every OTP request that arrived, in order. */
  readonly otpRequests: readonly SeenOtpRequest[];
  /** The largest number of OTP requests that were unanswered at the same time. */
  readonly maxOtpInFlight: number;
  /** How often the simulated human was asked. */
  readonly prompts: number;
  /** How many requests were answered 2302. */
  readonly challenges: number;
  /** How many OTP requests were refused with 2308. */
  readonly wrongPins: number;
  /** How many OTP requests succeeded, 2316 among them. */
  readonly otpsGranted: number;
  /** How many requests were executed. */
  readonly executions: number;
  /** @returns How many of the matching requests were executed. @throws TypeError for a field of `match` that does not exist. */
  executionsOf(match: RequestMatch): number;
  /** How many faults occurred, by kind. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
}

/** The effects, with the methods that record them. */
export class EffectLog implements Effects {
  requests: SeenRequest[] = [];
  otpRequests: SeenOtpRequest[] = [];
  maxOtpInFlight = 0;
  prompts = 0;
  challenges = 0;
  wrongPins = 0;
  otpsGranted = 0;
  executions = 0;
  faults: Partial<Record<FaultKind, number>> = {};
  private otpInFlight = 0;

  executionsOf(match: RequestMatch): number {
    checkMatch(match);
    return this.requests.filter(
      ({ verb, api, action, type, executed }) =>
        executed && matches(match, { verb, api, parameters: { action, type } }),
    ).length;
  }

  see(request: SeenRequest): void {
    this.requests.push(request);
    if (request.executed) this.executions += 1;
    if (request.outcome === 2302) this.challenges += 1;
  }

  seeOtp(request: SeenOtpRequest): void {
    this.otpRequests.push(request);
    // 2316 grants, too: only what the SDK does afterwards has failed.
    if (request.outcome === 'SUCCEEDED' || request.outcome === 2316) this.otpsGranted += 1;
    if (request.outcome === 2308) this.wrongPins += 1;
  }

  otpLeaves(): void {
    this.otpInFlight += 1;
    this.maxOtpInFlight = Math.max(this.maxOtpInFlight, this.otpInFlight);
  }

  otpReturns(): void {
    this.otpInFlight -= 1;
  }

  hit(kind: FaultKind): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
  }

  clear(): void {
    this.requests = [];
    this.otpRequests = [];
    this.faults = {};
    this.maxOtpInFlight = this.otpInFlight;
    this.prompts = 0;
    this.challenges = 0;
    this.wrongPins = 0;
    this.otpsGranted = 0;
    this.executions = 0;
  }
}
