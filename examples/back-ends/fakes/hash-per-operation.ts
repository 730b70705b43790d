import type { Send } from '../envelope.js';
import { hashOf } from '../hash-per-operation.js';

const MAX_ATTEMPTS = 3;

/** The vault in memory: each nonce is good once, and three wrong hashes lock it. */
export function createFakeVault(pin: string) {
  const seen = { opened: [] as string[], bodies: [] as string[], wrong: 0 };
  const nonces = new Map<string, string>();
  const confirmed = new Map<string, string>();
  const send: Send = async (request) => {
    const text = await request.text();
    seen.bodies.push(text);
    const { box, operation, hash, hashes = {} } = JSON.parse(text);
    if (new URL(request.url).pathname === '/confirm') {
      for (const [name, given] of Object.entries<string>(hashes)) {
        const nonce = nonces.get(name) ?? '';
        if (seen.wrong < MAX_ATTEMPTS && given === (await hashOf(pin, { operation: name, nonce }))) {
          confirmed.set(name, given);
          continue;
        }
        seen.wrong += 1;
        const attemptsLeft = Math.max(0, MAX_ATTEMPTS - seen.wrong);
        if (seen.wrong > MAX_ATTEMPTS) return Response.json({ error: 'locked' }, { status: 423 });
        return Response.json({ error: 'wrong_hash', attemptsLeft }, { status: 403 });
      }
      return new Response(null, { status: 204 });
    }
    if (hash !== undefined && confirmed.get(operation) === hash) {
      confirmed.delete(operation);
      seen.opened.push(box);
      return Response.json({ box });
    }
    const nonce = `nonce-${seen.bodies.length}`;
    nonces.set(operation, nonce);
    return Response.json({ error: 'confirm', operation, nonce }, { status: 401 });
  };
  return { seen, send };
}
