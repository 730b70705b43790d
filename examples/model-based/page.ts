import type { WorldOptions } from 'strong-auth-machine/testing';
import { mount } from '../vanilla/app.js';
import { createStage, type Stage } from './stage.js';

declare global {
  interface Window {
    /** Puts the app on the page anew. */
    start(world: Pick<WorldOptions, 'policy'>): void;
    /** What a test may do to the page that no user can. */
    stage: Stage;
  }
}

let unmount = () => {};

window.start = (world) => {
  unmount();
  window.stage = createStage(world);
  unmount = mount(document.body, window.stage.remote);
};
