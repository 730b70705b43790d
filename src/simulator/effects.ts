import type { Verb } from '../messages/message.js';
import { type FaultKind, matches, type RequestMatch } from './faults.js';

/** One request that arrived: what was asked and what became of it, never its parameters. */
export interface SeenRequest {
  /** Epoch ms. */
  readonly at: number;
  /** What was asked. */
  readonly verb: Verb;
  /** The API that was called. */
  readonly api: string;
  /** `parameters.action`, if it had one. */
  readonly action?: string;
  /** `parameters.type`, if it had one. */
  readonly type?: string;
  /** `SUCCEEDED`, or the code it was refused with. */
  readonly outcome: 'SUCCEEDED' | number;
  /** Whether the car or the account did what was asked. */
  readonly executed: boolean;
}

/** One OTP request that arrived. */
export interface SeenOtpRequest {
  /** Epoch ms. */
  readonly at: number;
  /** Whether it was the repetition after 2312 or 2317. */
  readonly resetStep: boolean;
  /** `SUCCEEDED`, or the code it was refused with. */
  readonly outcome: 'SUCCEEDED' | number;
}

/** What the simulator saw, for tests to assert on: effects, not promises. A door unlocked twice is a bug. */
export interface Effects {
  /** Everything that arrived, in order. */
  readonly requests: readonly SeenRequest[];
  /** Every OTP request that arrived, in order. */
  readonly otpRequests: readonly SeenOtpRequest[];
  /** The largest number of OTP requests that were unanswered at the same time. */
  readonly maxOtpInFlight: number;
  /** How often the simulated human was asked. */
  readonly prompts: number;
  /** Answers 2302. */
  readonly challenges: number;
  /** OTP requests refused with 2308. */
  readonly wrongPins: number;
  /** OTP requests that succeeded. */
  readonly otpsGranted: number;
  /** Requests that were executed. */
  readonly executions: number;
  /** @returns How many of the requests meant were executed. */
  executionsOf(match: RequestMatch): number;
  /** Faults that hit, by kind. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
}

/** The effects, with the hand that writes them. */
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
    if (request.outcome === 'SUCCEEDED') this.otpsGranted += 1;
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
