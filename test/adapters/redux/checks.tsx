import { memo, useEffect } from 'react';
import { Provider, useSelector } from 'react-redux';
import { connectStrongAuth } from 'strong-auth-machine/redux';
import { App } from '../../../examples/redux/app.js';
import { carApi, createStore, type State } from '../../../examples/redux/store.js';
import { commands } from '../../../examples/shared/remote.js';
import type { Devtools } from '../../support/devtools.js';
import { countRenders, type ProbeProps, partNames, parts } from '../react/renders.js';
import { same, show, takeOver } from '../react/stage.js';
import { settle } from '../support/checks.js';
import { CHALLENGE, createCountedStage, SUCCEEDED } from '../support/counted.js';

/* What only Redux can get wrong, checked on a page. Each check throws what is wrong. */

const PIN = '907351';
const OTP = 'otp-84b1f6';

/** A stage with its store, and the app on it. */
function stageWithStore() {
  const stage = createCountedStage();
  const store = createStore(stage.remote);
  const disconnect = connectStrongAuth(store, stage.remote.strongAuth);
  return {
    ...stage,
    store,
    disconnect,
    app: (
      <Provider store={store}>
        <App pinPad={stage.remote.pinPad} />
      </Provider>
    ),
  };
}

/** Waits for what Redux Toolkit 2 tells components once a frame. */
async function afterFrame(): Promise<void> {
  await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  await settle();
}

/** Makes a call when it is mounted, as a screen does that loads what it shows. */
function Eager({ onOutcome }: { readonly onOutcome: (outcome: string) => void }) {
  const [send] = carApi.useCommandMutation();
  useEffect(() => {
    const { request } = commands[0] ?? {};
    if (!request) return;
    const call = send(request);
    call.then(({ error }) => onOutcome(error ? String(error.name) : 'succeeded'));
    return () => call.abort();
  }, [send, onOutcome]);
  return null;
}

/** Shows one part of the slice, and says when it renders. */
const Probe = memo(({ part, onRender }: ProbeProps) => {
  onRender(part);
  useSelector<State, unknown>(({ strongAuth }) => parts[part](strongAuth));
  return null;
});

/** @returns The checks by their names. */
export const createChecks = (devtoolsOfLastStore: () => Devtools) => ({
  async 'StrictMode: one prompt, no orphan'() {
    const { app, store, disconnect, ...stage } = stageWithStore();
    const { strongAuth } = stage.remote;
    const outcomes: string[] = [];
    const onOutcome = (outcome: string) => outcomes.push(outcome);
    const screen = await show(
      <>
        {app}
        <Provider store={store}>
          <Eager onOutcome={onOutcome} />
        </Provider>
      </>,
      { strict: true },
    );
    same(stage.transport.requests.length, 2, 'calls of the two mounts');
    same(outcomes, ['AbortError'], 'outcomes after the two mounts');
    for (const request of stage.transport.requests) request.resolve(CHALLENGE);
    await settle();
    same([stage.prompts(), screen.text('waiting')], [1, '1'], 'prompts and waiting');
    screen.find<HTMLInputElement>('pin').value = PIN;
    await screen.click('submit');
    await stage.answerOtp(SUCCEEDED);
    await stage.answer(0, SUCCEEDED);
    same(outcomes, ['AbortError', 'succeeded'], 'outcomes');
    same([stage.prompts(), stage.otpRequests().length], [1, 1], 'prompts and OTP requests');
    await screen.unmount();
    disconnect();
    same(stage.listening(), 0, 'listeners after unmount');
    same(Object.keys(strongAuth.actor.getSnapshot().children), [], 'actors that still run');
  },

  async 'renders only when something it shows has changed'() {
    const { store, ...stage } = stageWithStore();
    await countRenders(stage, (onRender) => (
      <Provider store={store}>
        {partNames.map((part) => (
          <Probe key={part} part={part} onRender={onRender} />
        ))}
      </Provider>
    ));
  },

  async 'time travel on a running app sends nothing, and its devtools have seen no PIN and no OTP'() {
    const { app, ...stage } = stageWithStore();
    const devtools = devtoolsOfLastStore();
    const screen = await show(app);
    await screen.click('lock');
    await stage.answer(0, CHALLENGE);
    screen.find<HTMLInputElement>('pin').value = PIN;
    await screen.click('submit');
    await stage.answerOtp({ status: 'SUCCEEDED', result: { otp: OTP } });
    await stage.answer(0, { status: 'SUCCEEDED', result: { done: 'result-5d2c' } });
    await afterFrame();
    same([screen.text('status'), screen.text('lock-outcome')], ['done', 'succeeded'], 'status and outcome');

    const seen = JSON.stringify([devtools.actions, devtools.states]);
    for (const recorded of ['strongAuth/changed', 'car/executeMutation/fulfilled', 'result-5d2c'])
      same(seen.includes(recorded), true, `the devtools have seen ${recorded}`);
    for (const secret of [PIN, OTP]) same(seen.includes(secret), false, `the devtools have seen ${secret}`);

    const sent = stage.transport.requests.length;
    const shown = new Set<string | null>();
    for (let index = 0; index <= devtools.actions.length; index += 1) {
      devtools.jump(index);
      await settle();
      shown.add(screen.text('status'));
      same(screen.has('pad'), false, 'a pad of the past is shown');
    }
    devtools.replay();
    await settle();
    same(
      [...shown],
      ['idle', 'calling', 'needStrongAuth', 'requestingOtp', 'replaying', 'done'],
      'what was shown',
    );
    same(stage.transport.requests.length, sent, 'requests');
    devtools.resume();
    await settle();
    same([screen.text('status'), screen.has('pad')], ['done', false], 'status and pad after it');
    await screen.unmount();
  },
});

/** Lets the app take over what a server has rendered, at rest or while a PIN is asked for already. */
export async function hydrate(html: string, busy: boolean): Promise<void> {
  const stage = createCountedStage();
  const store = createStore(stage.remote);
  const serverState = store.getState(); // before a client is connected: what the server has rendered
  const end = connectStrongAuth(store, stage.remote.strongAuth);
  if (busy) await stage.challenge();
  const app = (
    <Provider store={store} serverState={serverState}>
      <App pinPad={stage.remote.pinPad} />
    </Provider>
  );
  await takeOver(html, app, { stage, busy, end });
}
