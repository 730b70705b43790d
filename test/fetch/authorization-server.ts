import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider, { interactionPolicy } from 'oidc-provider';

/** A server on this machine. */
export interface Running {
  readonly url: string;
  close(): void;
}

/** @returns A server on a port of its own. */
export async function listen(handle: RequestListener): Promise<Running & { readonly server: Server }> {
  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const REDIRECT_URI = 'http://127.0.0.1/signed-in';
export const CLIENT_ID = 'app';

/** A real authorization server: an acr is reached by signing in with it, and the user may refuse. */
export async function startAuthorizationServer() {
  const user = { refuses: false, signIns: 0, authorizations: 0 };
  const { server, url, close } = await listen((request, response) => void answer(request, response));
  const { Check, base } = interactionPolicy;
  const policy = base();
  policy.get('login')?.checks.add(
    new Check('acr_not_reached', 'a higher level is asked for', (ctx) => {
      const wanted = String(ctx.oidc.params?.acr_values ?? '').split(' ');
      const isReached = wanted[0] === '' || wanted.includes(ctx.oidc.session?.acr ?? '');
      return isReached ? Check.NO_NEED_TO_PROMPT : Check.REQUEST_PROMPT;
    }),
  );
  const provider = new Provider(url, {
    acrValues: ['pwd', 'mfa', 'phr'],
    clients: [
      {
        client_id: CLIENT_ID,
        redirect_uris: [REDIRECT_URI],
        token_endpoint_auth_method: 'none',
        application_type: 'native',
      },
      {
        client_id: 'resource-server',
        client_secret: 'secret of the resource server',
        redirect_uris: [],
        response_types: [],
        grant_types: [],
      },
    ],
    cookies: { keys: ['for the test'] },
    scopes: ['openid', 'transfers:read', 'transfers:write'],
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: () => true },
      dPoP: { enabled: true },
    },
    interactions: { policy, url: (_, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    // RFC 9470, section 6.2: what the level of a token is, for whoever introspects it.
    extraTokenClaims(ctx) {
      const { acr, authTime } = ctx.oidc.entities.AuthorizationCode ?? {};
      return { acr: acr ?? 'pwd', auth_time: authTime ?? 0 };
    },
  });
  const callback = provider.callback();

  /** What the user does in the browser: signs in at the first level that is asked for, and consents. */
  async function answer(request: IncomingMessage, response: Parameters<RequestListener>[1]): Promise<void> {
    if (request.url?.startsWith('/auth?')) user.authorizations += 1;
    if (!request.url?.startsWith('/interaction/')) return callback(request, response);
    const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
    if (user.refuses)
      return provider.interactionFinished(request, response, {
        error: 'access_denied',
        error_description: 'the user refused',
      });
    if (prompt.name === 'login') {
      user.signIns += 1;
      const [acr = 'pwd'] = String(params.acr_values ?? 'pwd').split(' ');
      return provider.interactionFinished(request, response, { login: { accountId: 'user', acr } });
    }
    const client = String(params.client_id);
    const grant = grantId
      ? await provider.Grant.find(grantId)
      : new provider.Grant({ accountId: session?.accountId ?? 'user', clientId: client });
    grant?.addOIDCScope(String(params.scope));
    const saved = await grant?.save();
    return provider.interactionFinished(request, response, { consent: { grantId: saved ?? '' } });
  }

  return { url, close, server, user };
}

/** A browser that follows redirects and keeps cookies, as far as a sign-in needs one. */
export function createBrowser() {
  const cookies = new Map<string, string>();
  return {
    /** @returns Where the authorization ends: the redirect URI with its answer. */
    async authorize(start: URL, signal?: AbortSignal): Promise<URL> {
      let url = start;
      for (;;) {
        signal?.throwIfAborted();
        const response = await fetch(url, {
          redirect: 'manual',
          headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
          ...(signal && { signal }),
        });
        for (const cookie of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
          if (value === '') cookies.delete(name);
          else cookies.set(name, value);
        }
        const location = response.headers.get('location');
        if (!location)
          throw new Error(`${url.pathname} answered ${response.status}: ${await response.text()}`);
        url = new URL(location, url);
        if (url.href.startsWith(REDIRECT_URI)) return url;
      }
    },
  };
}
