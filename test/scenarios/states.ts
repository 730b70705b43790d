import { failed, PIN, type stage } from './support.js';

/** Brings a client into a state, and leaves it there. */
export const into = {
  idle: async () => {},
  calling: async (app) => {
    await app.command();
  },
  needStrongAuth: async (app) => {
    await app.challenged();
  },
  requestingOtp: async (app) => {
    await app.challenged();
    await app.type(PIN);
  },
  resetStep: async (app) => {
    await into.requestingOtp(app);
    await app.answerOtp(failed(2312));
  },
  queued: async (app) => {
    await into.requestingOtp(app);
    await app.cancel();
    await into.requestingOtp(app);
  },
  replaying: async (app) => {
    await into.requestingOtp(app);
    await app.answerOtp();
  },
  done: async (app) => {
    await into.replaying(app);
    await app.answerCommand();
  },
  cancelled: async (app) => {
    await into.needStrongAuth(app);
    await app.cancel();
  },
  failed: async (app) => {
    await into.requestingOtp(app);
    await app.answerOtp(failed(2310));
  },
  closed: async (app) => {
    await into.needStrongAuth(app);
    app.strongAuth.dispose();
  },
} satisfies Record<string, (app: ReturnType<typeof stage>) => Promise<void>>;

export const states = Object.keys(into) as (keyof typeof into)[];
