import type { IncomingMessage } from 'node:http';
import { listen } from './authorization-server.js';

/** What a path of the resource server needs, and what it says if that is missing. */
interface Level {
  readonly acr: string;
  readonly scope?: string;
}

const LEVELS: Readonly<Record<string, Level>> = {
  '/transfers': { acr: 'mfa' },
  '/limits': { acr: 'phr' },
  '/write': { acr: 'pwd', scope: 'transfers:write' },
};

/** How strong a level is: a stronger one is enough for a weaker one. */
const STRENGTH = ['pwd', 'mfa', 'phr'];

/** A resource server that asks the authorization server about each token (RFC 7662), and challenges by RFC 9470 and RFC 6750. */
export async function startResourceServer(issuer: string) {
  const seen = { served: [] as string[], challenged: 0, nonces: 0 };
  /** Tokens whose authentication is too old. */
  const expired = new Set<string>();
  const known = new Set<string>();
  let isProofNeeded = false;

  async function introspect(token: string): Promise<Record<string, unknown>> {
    const response = await fetch(`${issuer}/token/introspection`, {
      method: 'POST',
      headers: {
        authorization: `Basic ${btoa(`resource-server:${encodeURIComponent('secret of the resource server')}`)}`,
      },
      body: new URLSearchParams({ token }),
    });
    return (await response.json()) as Record<string, unknown>;
  }

  /** The nonce changes with every fifth request that was served; the one before it is still taken (RFC 9449, section 8.2). */
  const nonceOf = (served: number) => `nonce-${Math.floor(served / 5)}`;
  const hasProof = (request: IncomingMessage): boolean => {
    const [, payload = ''] = String(request.headers.dpop ?? '').split('.');
    const { nonce, htm } = payload ? JSON.parse(Buffer.from(payload, 'base64url').toString()) : ({} as never);
    const { length } = seen.served;
    return htm === request.method && [nonceOf(length), nonceOf(length - 5)].includes(nonce);
  };

  const running = await listen(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const challenge = (status: number, scheme: string, parameters: Record<string, string>) => {
      const written = Object.entries(parameters).map(([name, value]) => `${name}="${value}"`);
      response
        .writeHead(status, { 'www-authenticate': `Basic realm="other", ${scheme} ${written.join(', ')}` })
        .end();
    };
    const [scheme = '', token = ''] = (request.headers.authorization ?? '').split(' ');
    const { active, acr, scope } = await introspect(token);
    if (!active) return challenge(401, 'Bearer', { error: 'invalid_token' });
    known.add(token);
    if (isProofNeeded) response.setHeader('dpop-nonce', nonceOf(seen.served.length));
    if (isProofNeeded && !hasProof(request)) {
      seen.nonces += 1;
      return challenge(401, 'DPoP', { error: 'use_dpop_nonce' });
    }
    const level = LEVELS[request.url ?? ''] ?? { acr: 'pwd' };
    if (STRENGTH.indexOf(String(acr)) < STRENGTH.indexOf(level.acr)) {
      seen.challenged += 1;
      return challenge(401, scheme, { error: 'insufficient_user_authentication', acr_values: level.acr });
    }
    if (expired.has(token)) {
      seen.challenged += 1;
      return challenge(401, scheme, {
        error: 'insufficient_user_authentication',
        acr_values: level.acr,
        max_age: '0',
      });
    }
    if (level.scope && !String(scope).split(' ').includes(level.scope)) {
      seen.challenged += 1;
      return challenge(403, scheme, { error: 'insufficient_scope', scope: level.scope });
    }
    seen.served.push(body);
    return response.end(`did ${body}`);
  });

  return {
    ...running,
    seen,
    /** Every authentication so far is too old from now on. */
    expire() {
      for (const token of known) expired.add(token);
    },
    /** From now on a request needs a proof of possession, with a nonce that changes. */
    demandProofs() {
      isProofNeeded = true;
    },
  };
}
