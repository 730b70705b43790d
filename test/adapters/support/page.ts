import { mount } from 'layer-under-test';
import { type Check, checksOf } from './checks.js';

declare global {
  interface Window {
    /** Runs one check on the page. Resolves with what it counted; rejects with what is wrong. */
    check(name: Check): Promise<string | undefined>;
  }
}

const checks = checksOf(mount);
window.check = async (name) => (await checks[name]()) ?? undefined;
