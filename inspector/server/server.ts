import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { hasToken, isForThisMachine, isLocalApp, isOwnPage } from './access.js';
import { createHistory } from './history.js';
import { LARGEST_BACKLOG, LARGEST_MESSAGE, MOST_PAGES, MOST_SENDERS } from './limits.js';

/** The files of the page, and nothing else, are served. */
const FILES: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/page.css': { name: 'page.css', type: 'text/css; charset=utf-8' },
  '/page.js': { name: 'page.js', type: 'text/javascript; charset=utf-8' },
  '/layout.js': { name: 'layout.js', type: 'text/javascript; charset=utf-8' },
};

/** The page loads what this server serves and connects to it, and to nothing else. No text can become markup or code. */
const policyOf = (host: string): string =>
  [
    "default-src 'none'",
    // Graphviz is WebAssembly.
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ws://${host}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types layout',
  ].join('; ');

/** A running inspector. */
export interface InspectorServer {
  readonly port: number;
  /** Anybody who has it may send to the page; the page itself may also read. */
  readonly token: string;
  /** The address of the page. It stands in no `Referer`; behind `#` it would keep an app from loading the page again. */
  readonly pageUrl: string;
  /** The address for apps that send through a socket. */
  readonly socketUrl: string;
  close(): Promise<void>;
}

/**
 * Serves the page and passes on what apps send to it, on 127.0.0.1 only.
 *
 * @param options `directory` holds the files of the page; port 0 is any free one.
 * @throws The error of `listen`, such as `EADDRINUSE`.
 */
export async function startInspector(options: {
  readonly directory: string;
  readonly port: number;
}): Promise<InspectorServer> {
  const token = randomBytes(18).toString('base64url');
  const history = createHistory();
  const pages = new Set<WebSocket>();
  const senders = new Set<WebSocket>();
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: LARGEST_MESSAGE,
    perMessageDeflate: false,
  });
  let sources = 0;

  const tell = (page: WebSocket, text: string): void => {
    if (page.bufferedAmount > LARGEST_BACKLOG) page.terminate();
    else page.send(text);
  };
  const listen = (page: WebSocket): void => {
    pages.add(page);
    page.on('close', () => pages.delete(page));
    page.on('error', () => page.terminate());
    // A page reads only.
    page.on('message', () => page.close(1008));
    for (const text of history.all()) tell(page, text);
  };
  const takeFrom = (sender: WebSocket): void => {
    const source = ++sources;
    senders.add(sender);
    sender.on('close', () => senders.delete(sender));
    // The message is too large, or is no text.
    sender.on('error', () => sender.terminate());
    sender.on('message', (data, isBinary) => {
      const sent = String(data);
      const message = isBinary ? undefined : messageIn(sent);
      if (!message) return;
      const text = `{"source":${source},"message":${sent}}`;
      const isActor = message.type === '@xstate.actor';
      history.add(text, isActor ? `${source} ${message.sessionId}` : undefined);
      for (const page of pages) tell(page, text);
    });
  };

  const server = createServer((request, response) => void serve(request, response, options.directory));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const url = urlOf(request);
    const isPage = url?.pathname === '/page';
    if (!url || !isForThisMachine(request)) return refuse(socket, '403 Forbidden');
    if (!isPage && url.pathname !== '/app') return refuse(socket, '404 Not Found');
    if (!hasToken(url, token)) return refuse(socket, '401 Unauthorized');
    if (!(isPage ? isOwnPage : isLocalApp)(request)) return refuse(socket, '403 Forbidden');
    if (isPage ? pages.size >= MOST_PAGES : senders.size >= MOST_SENDERS)
      return refuse(socket, '503 Service Unavailable');
    sockets.handleUpgrade(request, socket, head, isPage ? listen : takeFrom);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    token,
    pageUrl: `http://127.0.0.1:${port}/?token=${token}`,
    socketUrl: `ws://127.0.0.1:${port}/app?token=${token}`,
    close: () =>
      new Promise((resolve) => {
        for (const socket of [...pages, ...senders]) socket.terminate();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, directory: string): Promise<void> {
  const end = (status: number) => response.writeHead(status, { 'content-type': 'text/plain' }).end();
  if (!isForThisMachine(request)) return void end(403);
  if (request.method !== 'GET' && request.method !== 'HEAD') return void end(405);
  const path = urlOf(request)?.pathname ?? '';
  const file = Object.hasOwn(FILES, path) ? FILES[path] : undefined;
  if (!file) return void end(404);
  try {
    const content = await readFile(join(directory, file.name));
    response.writeHead(200, {
      'content-type': file.type,
      'content-security-policy': policyOf(request.headers.host ?? ''),
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    response.end(request.method === 'HEAD' ? undefined : content);
  } catch {
    end(500);
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
}

function urlOf({ url = '' }: IncomingMessage): URL | undefined {
  try {
    return new URL(url, 'http://127.0.0.1');
  } catch {
    return undefined;
  }
}

const TYPES: readonly unknown[] = ['@xstate.actor', '@xstate.event', '@xstate.snapshot'];

/** @returns A message of the protocol of `@statelyai/inspect`; nothing if the text is none. */
function messageIn(text: string): { readonly type: unknown; readonly sessionId: string } | undefined {
  try {
    const { type, sessionId } = JSON.parse(text);
    return TYPES.includes(type) && typeof sessionId === 'string' ? { type, sessionId } : undefined;
  } catch {
    return undefined;
  }
}
