import { fileURLToPath } from 'node:url';
import { entries } from '../tsup.config.js';

/** The package by its published names, resolved to the source: for tests, examples and everything else that Vite builds. */
export const packageAliases = Object.entries(entries).map(([name, path]) => ({
  find: new RegExp(`^strong-auth-machine${name === 'index' ? '' : `/${name}`}$`),
  replacement: fileURLToPath(new URL(`../${path}`, import.meta.url)),
}));
