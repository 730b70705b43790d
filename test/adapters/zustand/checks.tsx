import { memo } from 'react';
import { strongAuthSlice } from 'strong-auth-machine/zustand';
import { useStore } from 'zustand';
import { App } from '../../../examples/zustand/app.js';
import { createRemoteStore } from '../../../examples/zustand/store.js';
import { countRenders, type ProbeProps, partNames, parts } from '../react/renders.js';
import { same, show, takeOver } from '../react/stage.js';
import { CHALLENGE, createCountedStage, SUCCEEDED } from '../support/counted.js';

/* A store of zustand is shown by React: what that can get wrong, checked on a page. Each check throws what is wrong. */

type Store = ReturnType<typeof createRemoteStore>['store'];

/** Shows one part of the slice, and says when it renders. */
const Probe = memo(({ store, part, onRender }: ProbeProps & { readonly store: Store }) => {
  onRender(part);
  useStore<Store, unknown>(store, ({ strongAuth }) => parts[part](strongAuth));
  return null;
});

export const checks = {
  async 'StrictMode: one prompt, no orphan'() {
    const stage = createCountedStage();
    const { pinPad, strongAuth } = stage.remote;
    const { store, end } = createRemoteStore(stage.remote);
    const screen = await show(<App store={store} pinPad={pinPad} />, { strict: true });
    await screen.click('lock');
    await screen.click('horn');
    same(stage.transport.requests.length, 2, 'calls');
    await stage.answer(0, CHALLENGE);
    await stage.answer(1, CHALLENGE);
    same([stage.prompts(), screen.text('waiting')], [1, '2'], 'prompts and waiting');
    screen.find<HTMLInputElement>('pin').value = '4711';
    await screen.click('submit');
    await stage.answerOtp(SUCCEEDED);
    await stage.answer(0, SUCCEEDED);
    await stage.answer(1, SUCCEEDED);
    same([screen.text('lock-outcome'), screen.text('horn-outcome')], ['succeeded', 'succeeded'], 'outcomes');
    same([stage.prompts(), stage.otpRequests().length], [1, 1], 'prompts and OTP requests');
    await screen.unmount();
    end();
    same(stage.listening(), 0, 'listeners after unmount');
    same(Object.keys(strongAuth.actor.getSnapshot().children), [], 'actors that still run');
  },

  async 'renders only when something it shows has changed'() {
    const stage = createCountedStage();
    const { store, end } = createRemoteStore(stage.remote);
    await countRenders(
      stage,
      (onRender) =>
        partNames.map((part) => <Probe key={part} part={part} store={store} onRender={onRender} />),
      () => store.setState({ outcomes: { lock: 'pending', horn: 'unmade' } }),
    );
    end();
    same(stage.listening(), 0, 'listeners after unmount');
  },
} satisfies Record<string, () => Promise<void>>;

/** Lets the app take over what a server has rendered, at rest or while a PIN is asked for already. */
export async function hydrate(html: string, busy: boolean): Promise<void> {
  const stage = createCountedStage();
  if (busy) await stage.challenge();
  const rendered = strongAuthSlice(createCountedStage().remote.strongAuth); // what the server has sent along
  const { store, end } = createRemoteStore(stage.remote, rendered);
  // Zustand 4.0 asks for it by this name, and does not know by itself.
  Object.assign(store, {
    getServerState: store.getInitialState ?? (() => ({ ...store.getState(), ...rendered })),
  });
  await takeOver(html, <App store={store} pinPad={stage.remote.pinPad} />, { stage, busy, end });
}
