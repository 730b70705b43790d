import type { StrongAuth } from 'strong-auth-machine';

/** When an app comes back: `visibilitychange` on a page, `AppState` in React Native. */
export interface AppState {
  /** Calls `listener` each time the app is in front again. @returns How to stop. */
  onResume(listener: () => void): () => void;
}

/**
 * Ends a wave whose dialog the system has closed in the background. Without it the calls wait until `pinEntryTimeoutMs`. What waited too
 * long for its `maxAgeMs` is not sent anyway, however long the app slept.
 *
 * @param isDialogOpen Whether the user can still answer.
 */
export const cancelLostPrompts = (app: AppState, strongAuth: StrongAuth, isDialogOpen: () => boolean) =>
  app.onResume(() => {
    if (strongAuth.view.getSnapshot().prompt && !isDialogOpen()) strongAuth.cancel();
  });

/** The browser's. A page that is shown again has kept its dialog; the systems around a web view may not have. */
export const page: AppState = {
  onResume(listener) {
    const changed = () => document.visibilityState === 'visible' && listener();
    document.addEventListener('visibilitychange', changed);
    return () => document.removeEventListener('visibilitychange', changed);
  },
};
