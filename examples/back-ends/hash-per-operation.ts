/** Every operation has a challenge of its own, to be answered with a hash of the PIN; the server counts the attempts. */
import { createStrongAuth, type EnterPin } from 'strong-auth-machine';
import { jsonRequest, type Send, toMessage } from './envelope.js';

export interface VaultOptions {
  readonly url: string;
  readonly send: Send;
  readonly enterPin: EnterPin;
}

/** What the server says with a challenge. */
interface Challenge {
  readonly operation: string;
  readonly nonce: string;
}

/** The PIN never leaves the device: what leaves is good for one operation, once. */
export async function hashOf(pin: string, { operation, nonce }: Challenge): Promise<string> {
  const bytes = new TextEncoder().encode(`${operation}:${nonce}:${pin}`);
  const digest = await crypto.subtle.digest('SHA-256', bytes);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function createVault({ url, send, enterPin }: VaultOptions) {
  let operations = 0;
  const strongAuth = createStrongAuth({
    transport: {
      async send({ api, parameters = {} }, { signal }) {
        return toMessage(await send(jsonRequest(`${url}/${api}`, parameters, undefined, signal)));
      },
    },
    enterPin,
    classify: {
      call(message) {
        if (message.status !== 'FAILED' || message.error.label !== 'confirm') return 'pass';
        const { operation, nonce } = message.error;
        return { challenge: { operation, nonce } };
      },
      otp(message) {
        if (message.status !== 'FAILED') return 'granted';
        const { code, attemptsLeft } = message.error;
        if (code === 423) return { denied: 'ACCOUNT_BLOCKED' };
        return { pinRejected: { attemptsLeft: Number(attemptsLeft) } }; // the server's count, not ours
      },
    },
    /** One PIN answers the challenges of all that wait. One that joins later is challenged again, and opens the next prompt. */
    async requestOtp(pin, { calls, signal }) {
      const hashes: Record<string, string> = {};
      for (const { challenge } of calls) {
        const asked = challenge as Challenge;
        hashes[asked.operation] = await hashOf(pin, asked);
      }
      const message = await toMessage(
        await send(jsonRequest(`${url}/confirm`, { hashes }, undefined, signal)),
      );
      return message.status === 'SUCCEEDED'
        ? { status: 'SUCCEEDED', result: { otp: JSON.stringify(hashes) } }
        : message;
    },
    // Each operation goes again with its own hash.
    prepareReplay: (request, otp) => ({
      ...request,
      parameters: {
        ...request.parameters,
        hash: JSON.parse(otp.reveal())[String(request.parameters?.operation)],
      },
    }),
    policy: { maxPinAttempts: 10 }, // more than the server allows: it decides
  });
  return {
    strongAuth,
    open(box: string): Promise<unknown> {
      operations += 1;
      return strongAuth.set<unknown>('open', { box, operation: `operation-${operations}` });
    },
  };
}
