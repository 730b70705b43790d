/**
 * The only host globals the published code may use: all of them exist in browsers, React Native and Node.
 * Loaded by tsconfig.runtime.json alone, so that anything else fails the type check.
 */
interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare const AbortController: { new (): AbortController };
declare function queueMicrotask(callback: () => void): void;
declare function setTimeout(callback: () => void, delay: number): unknown;
declare function clearTimeout(id: unknown): void;
/** Not in every host: look before use. */
declare const AbortSignal: { any(signals: AbortSignal[]): AbortSignal };
declare const performance: { now(): number };
declare var console: { warn(message: string): void };

// Of `fetch`, for the entry `./fetch` alone. `body` and `type` are not in every host.
interface Headers {
  get(name: string): string | null;
  has(name: string): boolean;
}
interface Response {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly body: { cancel(): Promise<void> } | null;
  clone(): Response;
}
interface Request {
  readonly method: string;
  readonly url: string;
  readonly referrer: string;
  readonly referrerPolicy: string;
  readonly signal: AbortSignal;
  clone(): Request;
}
interface RequestInit {
  body?: unknown;
  referrer?: string;
  referrerPolicy?: string;
  signal?: AbortSignal | null;
}
interface URL {
  readonly href: string;
}
type RequestInfo = Request | string;
declare const Request: { new (input: RequestInfo | URL, init?: RequestInit): Request };
