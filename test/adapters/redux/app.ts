import { mount as mountExample } from '../../../examples/redux/app.js';
import type { Mount } from '../../../examples/shared/remote.js';
import { ignoreSlowChecks } from './browser.js';

let isReady = false;

/** The example app, on a screen whose frames take no time: Redux Toolkit 2 tells components of a mutation once a frame. */
export const mount: Mount = (root, remote) => {
  if (!isReady) ignoreSlowChecks();
  isReady = true;
  window.requestAnimationFrame = (callback) => {
    queueMicrotask(() => callback(performance.now()));
    return 0;
  };
  return mountExample(root, remote);
};
