import { mount } from 'layer-under-test';
import { type Check, checksOf, type Extent } from './checks.js';

declare global {
  interface Window {
    /** Runs one check on the page. Resolves with what it counted; rejects with what is wrong. */
    check(name: Check, extent: Extent): Promise<string | undefined>;
  }
}

const checks = checksOf(mount);
window.check = async (name, extent) => (await checks[name](extent)) ?? undefined;
