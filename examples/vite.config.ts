import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';
import { packageAliases } from '../scripts/aliases.js';

/** `npm run examples`: every example app, served on this machine. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  resolve: { alias: packageAliases },
  plugins: [vue(), svelte({ configFile: false })],
  server: { host: '127.0.0.1' },
});
