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
declare const performance: { now(): number };
