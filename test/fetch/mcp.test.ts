import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createStepUpFetch, type StepUpPrompt } from 'strong-auth-machine/fetch';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { listen, type Running } from './authorization-server.js';

/* The client of the MCP SDK against a server that wants the scope `write` for each call of a tool. */

let server: Running;
const seen = { calls: 0, refused: 0 };

beforeAll(async () => {
  server = await listen(async (request, response) => {
    const json = (body: object) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (request.url === '/.well-known/oauth-protected-resource')
      return json({ resource: server.url, authorization_servers: [server.url] });
    if (request.url?.startsWith('/.well-known/'))
      return json({
        issuer: server.url,
        authorization_endpoint: `${server.url}/authorize`,
        token_endpoint: `${server.url}/token`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
      });
    if (request.method !== 'POST') return response.writeHead(405).end();
    let text = '';
    for await (const chunk of request) text += chunk;
    const message = JSON.parse(text);
    if (message.method === 'tools/call' && request.headers.authorization !== 'Bearer write') {
      seen.refused += 1;
      return response
        .writeHead(403, {
          'www-authenticate': `Bearer error="insufficient_scope", scope="write", resource_metadata="${server.url}/.well-known/oauth-protected-resource"`,
        })
        .end();
    }
    const mcp = new McpServer({ name: 'tools', version: '1.0.0' });
    mcp.registerTool('act', {}, () => {
      seen.calls += 1;
      return { content: [{ type: 'text', text: 'acted' }] };
    });
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true } as never);
    await mcp.connect(transport as never);
    return transport.handleRequest(request, response, message);
  });
});
afterAll(() => server.close());
beforeEach(() => Object.assign(seen, { calls: 0, refused: 0 }));

async function callTenTimes(transport: StreamableHTTPClientTransport) {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport as never);
  const calls = await Promise.allSettled(
    Array.from({ length: 10 }, () => client.callTool({ name: 'act', arguments: {} })),
  );
  await client.close();
  return calls;
}

test('with createStepUpFetch: ten concurrent calls, one prompt, ten results', async () => {
  const prompts: StepUpPrompt['needs'][] = [];
  let token = 'read';
  const stepUp = createStepUpFetch({
    fetch(request) {
      request.headers.set('authorization', `Bearer ${token}`);
      return fetch(request);
    },
    async authenticate({ needs }) {
      prompts.push(needs);
      token = needs.scopes.join(' ');
    },
  });
  const calls = await callTenTimes(
    new StreamableHTTPClientTransport(new URL(server.url), { fetch: stepUp.fetch }),
  );
  expect(calls).toMatchObject(
    calls.map(() => ({ status: 'fulfilled', value: { content: [{ text: 'acted' }] } })),
  );
  expect([prompts.map(({ scopes }) => scopes), seen]).toEqual([[['write']], { calls: 10, refused: 10 }]);
});

test('the client alone: one opens a sign-in, all ten reject, and nothing is sent again', async () => {
  let opened = 0;
  const calls = await callTenTimes(
    new StreamableHTTPClientTransport(new URL(server.url), {
      authProvider: {
        redirectUrl: 'http://127.0.0.1/signed-in',
        clientMetadata: { redirect_uris: ['http://127.0.0.1/signed-in'] },
        clientInformation: () => ({ client_id: 'app' }),
        tokens: () => ({ access_token: 'read', token_type: 'Bearer' }),
        saveTokens() {},
        redirectToAuthorization() {
          opened += 1;
        },
        saveCodeVerifier() {},
        codeVerifier: () => '',
      },
    }),
  );
  const reasons = calls.flatMap((call) => (call.status === 'rejected' ? [call.reason] : []));
  expect([reasons.length, reasons.filter((reason) => reason instanceof UnauthorizedError).length]).toEqual([
    10, 1,
  ]);
  expect([opened, seen]).toEqual([1, { calls: 0, refused: 10 }]);
});
