import { mount, unmount } from 'svelte';
import type { MountCounted } from '../support/renders-page.js';
import Counted from './Counted.svelte';

export const mountCounted: MountCounted = (root, remote, count) => {
  const app = mount(Counted, { target: root, context: new Map([['counted', { ...remote, count }]]) });
  return () => {
    unmount(app);
  };
};
