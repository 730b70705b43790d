import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** The built playground, served on this machine. */
export interface Site {
  /** Ends with a slash. */
  readonly url: string;
  /** Paths that were asked for and are not there. */
  readonly missed: readonly string[];
  close(): Promise<void>;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

const configFile = fileURLToPath(new URL('../../examples/playground/vite.config.ts', import.meta.url));

/** Builds the playground into `outDir`, as `npm run build:playground` does, and serves what came of it. */
export async function buildSite(outDir: string): Promise<Site> {
  await build({ configFile, logLevel: 'error', build: { outDir, emptyOutDir: true } });
  return serve(outDir);
}

/** Serves a directory on a free port of 127.0.0.1. */
export async function serve(directory: string): Promise<Site> {
  const missed: string[] = [];
  const server = createServer(async ({ url = '/' }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, 'http://localhost').pathname)).replace(
      /\/$/,
      '/index.html',
    );
    try {
      const content = await readFile(join(directory, path));
      response
        .writeHead(200, { 'content-type': types[extname(path)] ?? 'application/octet-stream' })
        .end(content);
    } catch {
      missed.push(path);
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    missed,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
