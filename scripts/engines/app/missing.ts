import { createStrongAuth } from 'strong-auth-machine';

const host = globalThis as unknown as Record<string, unknown>;

/** What the client needs of its host; the rest is part of the language. */
const NEEDED = ['AbortController', 'queueMicrotask', 'setTimeout', 'clearTimeout'];

/** @throws Error unless the client names each global that it misses, when it is created. */
export function checkThatMissingGlobalsAreNamed(): void {
  for (const name of NEEDED) {
    const kept = host[name];
    host[name] = undefined;
    let said = 'nothing';
    try {
      createStrongAuth({ transport: { send: async () => ({}) }, enterPin: async () => null });
    } catch (error) {
      said = String(error);
    } finally {
      host[name] = kept;
    }
    const right = `TypeError: this host has no ${name}, which strong-auth-machine needs`;
    if (said !== right) throw new Error(`without ${name} it said ${said}`);
  }
}
