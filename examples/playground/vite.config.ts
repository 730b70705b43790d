import { fileURLToPath } from 'node:url';
import { defineConfig, type Plugin } from 'vite';
import { packageAliases } from '../../scripts/aliases.js';
import { chartPlugin } from './build/chart-plugin.js';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** What the built pages may load: their own files, and nothing else. Sockets are for an inspector on this machine. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self' ws://127.0.0.1:* ws://localhost:*",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/** The development server has styles and a socket of its own, so that only what is built can be this strict. */
const contentSecurityPolicy: Plugin = {
  name: 'content-security-policy',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: { 'http-equiv': 'Content-Security-Policy', content: POLICY },
      injectTo: 'head-prepend',
    },
  ],
};

export default defineConfig({
  root: at('.'),
  base: './',
  cacheDir: at('../../node_modules/.vite/playground'),
  plugins: [chartPlugin(), contentSecurityPolicy],
  // The package by its published names, from its source: the page shows what is there now.
  resolve: { alias: packageAliases },
  server: { host: '127.0.0.1', fs: { allow: [at('../..')] } },
  preview: { host: '127.0.0.1' },
  build: {
    target: 'es2022',
    outDir: at('dist'),
    emptyOutDir: true,
    rollupOptions: { input: [at('index.html'), at('inspector.html')] },
  },
});
