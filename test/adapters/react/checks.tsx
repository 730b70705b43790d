import { memo, Suspense, startTransition, useEffect, useState } from 'react';
import { createStrongAuth, type StrongAuth, type StrongAuthView } from 'strong-auth-machine';
import { StrongAuthProvider, usePinPad, useStrongAuth, useStrongAuthClient } from 'strong-auth-machine/react';
import { App } from '../../../examples/react/app.js';
import { commands, type Remote } from '../../../examples/shared/remote.js';
import { settle } from '../support/checks.js';
import { CHALLENGE, createCountedStage, SUCCEEDED } from '../support/counted.js';
import { PinForm, pinFieldChecks } from './pin-field-checks.js';
import { same, show, takeOver } from './stage.js';

/* What only React can get wrong, checked on a page. Each check throws what is wrong. */

/** Makes a call when it is mounted, as a screen does that loads what it shows. */
function Eager({ onOutcome }: { onOutcome: (outcome: string) => void }) {
  const strongAuth = useStrongAuthClient();
  useEffect(() => {
    const controller = new AbortController();
    const { request } = commands[0] ?? {};
    if (!request) return;
    strongAuth.send(request, { signal: controller.signal }).then(
      () => onOutcome('succeeded'),
      () => onOutcome(controller.signal.aborted ? 'aborted' : 'failed'),
    );
    return () => controller.abort();
  }, [strongAuth, onOutcome]);
  return null;
}

/** Owns its client, as docs/guides/react.md shows it. */
function Owner({ create, onClient }: { create: () => StrongAuth; onClient: (client: StrongAuth) => void }) {
  const [strongAuth, setStrongAuth] = useState<StrongAuth>();
  useEffect(() => {
    const made = create();
    onClient(made);
    setStrongAuth(made);
    return () => made.dispose();
  }, [create, onClient]);
  return strongAuth ? <Status strongAuth={strongAuth} /> : null;
}

const statusOf = (view: StrongAuthView) => view.status;

function Status({ strongAuth }: { strongAuth?: StrongAuth }) {
  return <output data-testid="status">{useStrongAuth(strongAuth, statusOf)}</output>;
}

type StatusHook = (strongAuth: StrongAuth) => string;

interface SlowListProps {
  readonly strongAuth: StrongAuth;
  readonly useStatus: StatusHook;
  readonly onReady: (show: () => void) => void;
}

/** A list that is long to render, so that React does it in pieces. */
function SlowList({ onReady, ...props }: SlowListProps) {
  const [rows, setRows] = useState(0);
  useEffect(() => onReady(() => startTransition(() => setRows(30))), [onReady]);
  return Array.from({ length: rows }, (_, row) => <SlowRow key={String(row)} {...props} />);
}

function SlowRow({ strongAuth, useStatus }: Omit<SlowListProps, 'onReady'>) {
  const status = useStatus(strongAuth);
  for (const since = performance.now(); performance.now() - since < 5; );
  return <li>{status}</li>;
}

export const checks = {
  async 'StrictMode: one prompt, no orphan'() {
    const stage = createCountedStage();
    const { strongAuth } = stage.remote;
    const outcomes: string[] = [];
    const onOutcome = (outcome: string) => outcomes.push(outcome);
    const app = (
      <>
        <App {...stage.remote} />
        <StrongAuthProvider strongAuth={strongAuth}>
          <Eager onOutcome={onOutcome} />
        </StrongAuthProvider>
      </>
    );
    const screen = await show(app, { strict: true });

    same(stage.transport.requests.length, 2, 'calls of the two mounts');
    same(outcomes, ['aborted'], 'outcomes after the two mounts');
    for (const request of stage.transport.requests) request.resolve(CHALLENGE);
    await settle();
    same([stage.prompts(), screen.text('waiting')], [1, '1'], 'prompts and waiting');
    screen.find<HTMLInputElement>('pin').value = '4711';
    await screen.click('submit');
    await stage.answerOtp(SUCCEEDED);
    await stage.answer(0, SUCCEEDED);
    same(outcomes, ['aborted', 'succeeded'], 'outcomes');
    same([stage.prompts(), stage.otpRequests().length], [1, 1], 'prompts and OTP requests');

    // Giving up the first press is of no consequence to the second.
    await screen.click('horn');
    screen.find('horn-give-up').click();
    await settle();
    await screen.click('horn');
    same(screen.text('horn-outcome'), 'pending', 'outcome of the second press');
    await screen.click('horn-give-up');
    same(screen.text('horn-outcome'), 'aborted', 'outcome of the second press, given up');

    await screen.unmount();
    same(stage.listening(), 0, 'listeners after unmount');
    same(Object.keys(strongAuth.actor.getSnapshot().children), [], 'actors that still run');
  },

  async 'a component that owns its client leaves none behind, also in StrictMode'() {
    const clients: StrongAuth[] = [];
    const statuses = () => clients.map(({ view }) => view.getSnapshot().status);
    const create = () =>
      createStrongAuth({ transport: { send: async () => {} }, enterPin: async () => null });
    const onClient = (client: StrongAuth) => clients.push(client);
    const screen = await show(<Owner create={create} onClient={onClient} />, { strict: true });
    same(statuses(), ['closed', 'idle'], 'clients of the two mounts');
    same(screen.text('status'), 'idle', 'status');
    await screen.unmount();
    same(statuses(), ['closed', 'closed'], 'clients after unmount');
  },

  async 'renders only when something it shows has changed'() {
    const stage = createCountedStage();
    const { strongAuth } = stage.remote;
    const renders: Record<string, number> = {};
    const count = (name: string) => {
      renders[name] = (renders[name] ?? 0) + 1;
    };
    const selections = new Set<unknown>();
    const probes = {
      whole: memo(() => {
        count('whole');
        useStrongAuth();
        return null;
      }),
      status: memo(() => {
        count('status');
        useStrongAuth((view) => view.status);
        return null;
      }),
      object: memo(() => {
        count('object');
        const [, again] = useState(0);
        useEffect(() => again(1), []); // with a new selector
        selections.add(useStrongAuth((view) => ({ status: view.status, failure: view.failure })));
        return null;
      }),
      waiting: memo(() => {
        count('waiting');
        useStrongAuth((view) => [view.waiting]);
        return null;
      }),
      client: memo(() => {
        count('client');
        useStrongAuthClient();
        return null;
      }),
      pad: memo(() => {
        count('pad');
        usePinPad();
        return null;
      }),
    };
    const app = () => (
      <StrongAuthProvider {...stage.remote}>
        {Object.entries(probes).map(([name, Probe]) => (
          <Probe key={name} />
        ))}
      </StrongAuthProvider>
    );
    const screen = await show(app());
    const rendered = async (deed: () => unknown) => {
      for (const name of Object.keys(renders)) delete renders[name];
      await deed();
      await settle();
      return renders;
    };

    same(selections.size, 1, 'objects that the selector with a new one each time has led to');
    same(await rendered(() => screen.render(app())), {}, 'when the app renders anew');
    same(await rendered(() => stage.send(0)), { whole: 1, status: 1, object: 1 }, 'when a call starts');
    same(await rendered(() => stage.send(1)), {}, 'when a second call is in flight');
    same(await rendered(() => strongAuth.cancel()), {}, 'when there is nothing to cancel');
    same(await rendered(() => stage.remote.pinPad.submit('4711')), {}, 'when no PIN is asked for');
    same(
      await rendered(() => stage.answer(0, CHALLENGE)),
      { whole: 1, status: 1, object: 1, waiting: 1, pad: 1 },
      'when the first is challenged',
    );
    same(await rendered(() => stage.answer(1, CHALLENGE)), { whole: 1, waiting: 1 }, 'when the second joins');
    same(
      await rendered(() => stage.remote.pinPad.submit('4711')),
      { whole: 1, status: 1, object: 1, pad: 1 },
      'when the PIN is given',
    );
    same(
      await rendered(() => stage.answerOtp(SUCCEEDED)),
      { whole: 1, status: 1, object: 1, waiting: 1, pad: 1 },
      'when the OTP is granted',
    );
    same(await rendered(() => stage.answer(0, SUCCEEDED)), {}, 'when one of two has landed');
    same(
      await rendered(() => stage.answer(1, SUCCEEDED)),
      { whole: 1, status: 1, object: 1 },
      'when both have landed',
    );
    await screen.unmount();
    same(stage.listening(), 0, 'listeners after unmount');
  },

  async 'a selection is compared by what it is: a date is not another, a list not a shorter one'() {
    const stage = createCountedStage();
    const shown: unknown[] = [];
    const Probe = memo(() => {
      const at = useStrongAuth((view) => new Date(view.waiting));
      const none = useStrongAuth((view) => new Array<undefined>(view.waiting));
      const maybe = useStrongAuth((view) => (view.prompt ? { reason: view.prompt.reason } : undefined));
      shown.push([at.getTime(), none.length, maybe?.reason ?? null]);
      return null;
    });
    const screen = await show(
      <StrongAuthProvider {...stage.remote}>
        <Probe />
      </StrongAuthProvider>,
    );
    await stage.challenge();
    same(
      [shown[0], shown.at(-1)],
      [
        [0, 0, null],
        [1, 1, 'strongAuthNeeded'],
      ],
      'shown at first and at last',
    );
    await screen.unmount();
  },

  async 'a render in pieces shows one state everywhere, where a careless hook shows two'() {
    const tornWith = async (useStatus: StatusHook) => {
      const stage = createCountedStage();
      let showAll = () => {};
      const onReady = (show: () => void) => {
        showAll = show;
      };
      const screen = await show(
        <SlowList strongAuth={stage.remote.strongAuth} useStatus={useStatus} onReady={onReady} />,
      );
      const rows = () => Array.from(screen.place.querySelectorAll('li'), ({ textContent }) => textContent);
      const torn = new Set<string>();
      const observer = new MutationObserver(() => {
        const texts = new Set(rows());
        if (texts.size > 1) torn.add([...texts].join(' and '));
      });
      observer.observe(screen.place, { childList: true, characterData: true, subtree: true });
      showAll();
      await new Promise((resolve) => setTimeout(resolve, 40));
      same(rows(), [], 'rows when the state changes in the middle of the render');
      await stage.send(0);
      for (let turn = 0; turn < 200 && rows().length === 0; turn += 1) await settle();
      await settle();
      const seen = { torn: [...torn], rows: rows().length, last: rows().at(-1) };
      observer.disconnect();
      await screen.unmount();
      return seen;
    };
    const ours = await tornWith((client) => useStrongAuth(client, statusOf));
    same(ours, { torn: [], rows: 30, last: 'calling' }, 'ours');
    const careless = await tornWith((client) => client.view.getSnapshot().status);
    same(careless.torn, ['idle and calling'], 'a careless one');
  },

  async 'a tree that suspends listens to nothing, and then shows what is true by then'() {
    const stage = createCountedStage();
    let isReady = false;
    let ready = () => {};
    const waiting = new Promise<void>((resolve) => {
      ready = () => {
        isReady = true;
        resolve();
      };
    });
    let showNews = () => {};
    const News = () => {
      const status = useStrongAuth(statusOf);
      if (!isReady) throw waiting;
      return <output data-testid="news">{status}</output>;
    };
    const Page = () => {
      const [hasNews, setHasNews] = useState(false);
      showNews = () => startTransition(() => setHasNews(true));
      return (
        <Suspense fallback={<output data-testid="fallback" />}>
          <Status />
          {hasNews && <News />}
        </Suspense>
      );
    };
    const screen = await show(
      <StrongAuthProvider {...stage.remote}>
        <Page />
      </StrongAuthProvider>,
    );
    same(stage.listening(), 1, 'listeners');
    showNews();
    await settle();
    same([stage.listening(), screen.has('fallback')], [1, false], 'listeners and fallback while it suspends');
    await stage.send(0);
    same(
      [screen.text('status'), screen.has('fallback')],
      ['calling', false],
      'status and fallback while it suspends',
    );
    ready();
    await settle();
    await settle();
    same([screen.text('status'), screen.text('news')], ['calling', 'calling'], 'status and news');
    await screen.unmount();
    same(stage.listening(), 0, 'listeners after unmount');
  },

  async 'another client is shown as soon as it is given, and the one before let go'() {
    const [before, after] = [createCountedStage(), createCountedStage()];
    await before.challenge();
    const app = ({ strongAuth, pinPad }: Remote) => (
      <StrongAuthProvider strongAuth={strongAuth} pinPad={pinPad}>
        <Status />
        <PinForm />
        <Status strongAuth={before.remote.strongAuth} />
      </StrongAuthProvider>
    );
    const screen = await show(app(before.remote));
    const statuses = () =>
      Array.from(screen.place.querySelectorAll('output'), ({ textContent }) => textContent);
    same(statuses(), ['needStrongAuth', 'needStrongAuth'], 'statuses');
    screen.find<HTMLInputElement>('pin').value = '4711';
    await screen.render(app(after.remote));
    same(statuses(), ['idle', 'needStrongAuth'], 'statuses: the provided one, and the one that was given');
    same(screen.find<HTMLInputElement>('pin').value, '', 'what was typed for the other client');
    same([before.listening(), after.listening()], [1, 2], 'listeners');
    await screen.unmount();
    same([before.listening(), after.listening()], [0, 0], 'listeners after unmount');
  },
  ...pinFieldChecks,
} satisfies Record<string, () => Promise<void>>;

/** Lets the app take over what a server has rendered, at rest or while a PIN is asked for already. */
export async function hydrate(html: string, busy: boolean): Promise<void> {
  const stage = createCountedStage();
  if (busy) await stage.challenge();
  await takeOver(html, <App {...stage.remote} />, { stage, busy });
}
