import { QueryClientProvider, useMutation, useQuery } from '@tanstack/react-query';
import { memo, type ReactNode } from 'react';
import { StrongAuthProvider, useStrongAuthClient } from 'strong-auth-machine/react';
import { commands } from '../../../examples/shared/remote.js';
import { App } from '../../../examples/tanstack-query/app.js';
import {
  commandMutation,
  createQueryClient,
  vehicleQuery,
} from '../../../examples/tanstack-query/queries.js';
import { same, show, takeOver } from '../react/stage.js';
import { settle } from '../support/checks.js';
import { CHALLENGE, createCountedStage, SUCCEEDED } from '../support/counted.js';

/* What only queries and mutations can get wrong, checked on a page. Each check throws what is wrong. */

/** A stage, and a cache around what is shown on it. */
function stageWithCache() {
  const stage = createCountedStage();
  const cache = createQueryClient();
  const { requests } = stage.transport;
  return {
    ...stage,
    cache,
    around: (children: ReactNode) => <QueryClientProvider client={cache}>{children}</QueryClientProvider>,
    /** Answers the `index`th request, whatever it asked for. */
    async answerRequest(index: number, message: unknown) {
      requests[index]?.resolve(message);
      await afterTimer();
    },
  };
}

/** Waits for what TanStack Query tells its components, which it does in a timer of its own. */
async function afterTimer(): Promise<void> {
  await settle();
  await new Promise((resolve) => setTimeout(resolve, 5));
  await settle();
}

export const checks = {
  async 'StrictMode: one prompt, no orphan'() {
    const { around, answerRequest, cache, ...stage } = stageWithCache();
    const { strongAuth } = stage.remote;
    const screen = await show(around(<App {...stage.remote} />), { strict: true });
    await screen.click('show'); // mounts a query, twice
    await afterTimer();
    const sent = stage.transport.requests.length;
    for (let index = 0; index < sent; index += 1) await answerRequest(index, CHALLENGE);
    same([stage.prompts(), screen.text('waiting')], [1, '1'], 'prompts and waiting');
    await screen.click('lock');
    await answerRequest(sent, CHALLENGE);
    same([stage.prompts(), screen.text('waiting')], [1, '2'], 'prompts and waiting, with a command');
    screen.find<HTMLInputElement>('pin').value = '4711';
    await screen.click('submit');
    await stage.answerOtp(SUCCEEDED);
    const replays = stage.transport.requests.length - 1;
    for (const index of [replays - 1, replays]) await answerRequest(index, SUCCEEDED);
    same(screen.text('lock-outcome'), 'succeeded', 'outcome');
    same([stage.prompts(), stage.otpRequests().length], [1, 1], 'prompts and OTP requests');
    await screen.unmount();
    cache.clear();
    await afterTimer();
    same(stage.listening(), 0, 'listeners after unmount');
    same(Object.keys(strongAuth.actor.getSnapshot().children), [], 'actors that still run');
  },

  async 'renders only when something it shows has changed'() {
    const { around, answerRequest, cache, ...stage } = stageWithCache();
    const { pinPad, strongAuth } = stage.remote;
    let seen: string[] = [];
    const Query = memo(() => {
      const { status, data } = useQuery(vehicleQuery(useStrongAuthClient()));
      seen.push(`query: ${status}${data ? ', with data' : ''}`);
      return null;
    });
    let press = () => {};
    const Command = memo(() => {
      const { status, mutate } = useMutation(commandMutation(useStrongAuthClient()));
      seen.push(`command: ${status}`);
      press = () => {
        const { request } = commands[0] ?? {};
        if (request) mutate({ request, signal: new AbortController().signal });
      };
      return null;
    });
    const rendered = async (deed: () => unknown, expected: readonly string[], what: string) => {
      seen = [];
      await deed();
      await afterTimer();
      same(seen, expected, `rendered when ${what}`);
    };
    const screen = await show(
      around(
        <StrongAuthProvider {...stage.remote}>
          <Query />
          <Command />
        </StrongAuthProvider>,
      ),
    );
    await afterTimer();
    same(seen, ['query: pending', 'command: idle'], 'rendered at first');
    await rendered(() => answerRequest(0, CHALLENGE), [], 'the query is challenged');
    await rendered(press, ['command: pending'], 'a command is sent meanwhile');
    await rendered(() => answerRequest(1, CHALLENGE), [], 'the command joins the prompt');
    await rendered(() => pinPad.submit('4711'), [], 'the PIN is given');
    await rendered(() => stage.answerOtp({ status: 'FAILED', error: { code: 2308 } }), [], 'it was wrong');
    await rendered(() => pinPad.submit('4712'), [], 'another is given');
    await rendered(() => stage.answerOtp(SUCCEEDED), [], 'the OTP is granted, and both are sent again');
    const replays = stage.transport.requests.length - 2;
    await rendered(
      () => answerRequest(replays, SUCCEEDED),
      ['query: success, with data'],
      'the query has its answer',
    );
    await rendered(
      () => answerRequest(replays + 1, SUCCEEDED),
      ['command: success'],
      'the command has its answer',
    );
    await rendered(
      () => answerRequest(replays + 2, SUCCEEDED),
      [],
      'the query was read anew, and the car says the same',
    );
    await rendered(() => strongAuth.cancel(), [], 'there is nothing to cancel');
    await screen.unmount();
    cache.clear();
  },
} satisfies Record<string, () => Promise<void>>;

/** Lets the app take over what a server has rendered, at rest or while a PIN is asked for already. */
export async function hydrate(html: string, busy: boolean): Promise<void> {
  const { around, ...stage } = stageWithCache();
  if (busy) await stage.challenge();
  await takeOver(html, around(<App {...stage.remote} />), { stage, busy });
}
