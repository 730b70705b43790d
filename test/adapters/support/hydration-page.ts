import { mountServerRendered } from 'layer-under-test';
import { createStage } from '../../../examples/model-based/stage.js';
import type { Mount } from '../../../examples/shared/remote.js';
import { checksOf, Screen, settle } from './checks.js';

declare global {
  interface Window {
    /** Lets the app take over what a server has sent, and locks the doors with it. @returns How many elements it did not take over. */
    hydrate(html: string): Promise<number>;
    /** Lets it take over while a PIN is asked for, which no server knows of. @returns Its status at once and later, and the pad's reason. */
    hydrateBusy(html: string): Promise<readonly string[]>;
  }
}

let replaced = 0;
const mountOn =
  (html: string): Mount =>
  (root, remote) => {
    root.innerHTML = html;
    const sent = [...root.querySelectorAll('*')];
    if (sent.length === 0) throw new Error('the server has sent nothing');
    const unmount = mountServerRendered(root, remote);
    replaced = sent.filter((element) => !root.contains(element)).length;
    return unmount;
  };

window.hydrate = async (html) => {
  await checksOf(mountOn(html))['mounts, and locks the doors after a PIN']();
  return replaced;
};

window.hydrateBusy = async (html) => {
  const stage = createStage();
  const { strongAuth } = stage.remote;
  const call = strongAuth.ensure().catch(() => {});
  const screen = new Screen(mountOn(html), stage);
  const first = screen.text('status');
  await settle();
  const texts = [first, screen.text('status'), screen.text('reason')];
  await screen.unmount();
  strongAuth.dispose();
  await call;
  return texts;
};
