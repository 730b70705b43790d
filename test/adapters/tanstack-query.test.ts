import { MutationObserver, type QueryClient, QueryObserver } from '@tanstack/react-query';
import { ApiError, type ApiRequest, StrongAuthError, type StrongAuthErrorCode } from 'strong-auth-machine';
import { settleDown } from 'strong-auth-machine/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  commandMutation,
  createQueryClient,
  polledVehicleQuery,
  shouldRetry,
  vehicleQuery,
} from '../../examples/tanstack-query/queries.js';
import { CHALLENGE, failed, stage, succeeded } from '../lifecycle/support.js';
import { describeLayer } from './support/layer.js';
import { testOwn } from './support/own.js';
import type { checks } from './tanstack-query/checks.js';

const ends = [
  { name: 'TanStack Query 5, React 19', aliases: {} },
  { name: 'TanStack Query 5, React 18.0', aliases: { react: 'react-18', 'react-dom': 'react-dom-18' } },
] as const;

/** Their names, since they can only be loaded where there is a page. */
const titles: readonly (keyof typeof checks)[] = [
  'StrictMode: one prompt, no orphan',
  'renders only when something it shows has changed',
];

for (const { name, aliases } of ends) {
  // It shows what the hooks of React show, which walk every edge in their own test.
  describeLayer({ name, extent: 'every screen', app: 'examples/tanstack-query/app.tsx', aliases }, () =>
    testOwn({ folder: 'tanstack-query', titles, aliases }),
  );
}

const request: ApiRequest = { verb: 'set', api: 'pims.vehicle.command', parameters: { action: 'horn' } };

describe('the recipe for TanStack Query', () => {
  let client: QueryClient;
  afterEach(() => client.clear());

  /** Watches the query as a component does that shows it. */
  function open() {
    client = createQueryClient();
    client.mount();
    const world = stage();
    const { strongAuth } = world;
    const watch = (options: ReturnType<typeof vehicleQuery>) => {
      const observer = new QueryObserver(client, { ...options, retryDelay: 0 });
      const leave = observer.subscribe(() => {});
      return { leave, now: () => observer.getCurrentResult() };
    };
    const command = new MutationObserver(client, commandMutation(strongAuth));
    return { ...world, watch, command, sent: () => world.transport.requests.length };
  }

  test('a query is pending for as long as the user is asked, and then has its data', async () => {
    const { watch, strongAuth, answer, type } = open();
    const query = watch(vehicleQuery(strongAuth));
    await settleDown();
    await answer(CHALLENGE);
    expect(query.now()).toMatchObject({ status: 'pending', fetchStatus: 'fetching', failureCount: 0 });
    await type('1234');
    await answer(succeeded({ otp: 'x' }));
    await answer(succeeded({ vehicle: { attributes: {} } }));
    await settleDown();
    expect(query.now()).toMatchObject({ status: 'success', data: { vehicle: { attributes: {} } } });
  });

  test('queries and a command that are challenged share one prompt', async () => {
    const { watch, command, strongAuth, user, answer, type, sent } = open();
    const [one, other] = [watch(vehicleQuery(strongAuth)), watch(vehicleQuery(strongAuth))];
    command.mutate({ request, signal: new AbortController().signal }).catch(() => {});
    await settleDown();
    expect(sent()).toBe(2);
    await answer(CHALLENGE, 0);
    await answer(CHALLENGE, 1);
    expect(user.prompts).toHaveLength(1);
    await type('1234');
    await answer(succeeded({ otp: 'x' }), 2);
    await answer(succeeded({}), 3);
    await answer(succeeded(), 4);
    expect([one.now().status, other.now().status, command.getCurrentResult().status]).toEqual([
      'success',
      'success',
      'success',
    ]);
  });

  test('a query whose PIN was refused is not sent again, and says why', async () => {
    const { watch, strongAuth, user, answer, type, sent } = open();
    const query = watch(vehicleQuery(strongAuth));
    await settleDown();
    await answer(CHALLENGE);
    await type(null);
    await settleDown();
    expect(query.now()).toMatchObject({ status: 'error', error: { code: 'CANCELLED', remedy: 'retry' } });
    expect([sent(), user.prompts.length]).toEqual([1, 1]);
  });

  test('a query that met a passing failure is read again, twice at most', async () => {
    const { watch, strongAuth, answer, sent } = open();
    const query = watch(vehicleQuery(strongAuth));
    for (const count of [1, 2, 3]) {
      await vi.waitFor(() => expect(sent()).toBe(count));
      await answer(failed(2204));
    }
    await vi.waitFor(() => expect(query.now().status).toBe('error'));
    expect([sent(), query.now().failureCount]).toEqual([3, 3]);
  });

  test('leaving the screen cancels its query, and closes the prompt that was for it alone', async () => {
    const { watch, strongAuth, user, answer } = open();
    const query = watch(vehicleQuery(strongAuth));
    await settleDown();
    await answer(CHALLENGE);
    query.leave();
    await new Promise((resolve) => setTimeout(resolve, 2)); // the turn ends
    expect(user.prompts[0]?.prompt.signal.aborted).toBe(true);
    expect(strongAuth.view.getSnapshot()).toMatchObject({ status: 'cancelled', waiting: 0 });
    expect(client.getQueryState(vehicleQuery(strongAuth).queryKey)).toMatchObject({
      fetchStatus: 'idle',
      error: null,
    });
  });

  test('cancelQueries ends the call', async () => {
    const { watch, strongAuth, answer } = open();
    watch(vehicleQuery(strongAuth));
    await settleDown();
    await answer(CHALLENGE);
    await client.cancelQueries(vehicleQuery(strongAuth));
    await settleDown();
    expect(strongAuth.view.getSnapshot().waiting).toBe(0);
  });

  test('a poll never opens a prompt, and keeps the last answer', async () => {
    const { watch, strongAuth, user, answer, sent } = open();
    const query = watch(polledVehicleQuery(strongAuth, 60_000));
    await settleDown();
    await answer(succeeded({ vehicle: {} }));
    void client.refetchQueries(vehicleQuery(strongAuth)); // as the interval does, of which there is none on a server
    await settleDown();
    expect(sent()).toBe(2);
    await answer(CHALLENGE);
    await vi.waitFor(() => expect(query.now().status).toBe('error'));
    expect(query.now()).toMatchObject({ data: { vehicle: {} }, error: { code: 'INTERACTION_REQUIRED' } });
    expect(user.prompts).toHaveLength(0);
  });

  test('a command is never sent again by itself, ends with its signal, and stays in no cache', async () => {
    const { command, fail, sent } = open();
    const controller = new AbortController();
    const call = command.mutate({ request, signal: controller.signal });
    const leave = command.subscribe(() => {});
    await settleDown();
    await fail(new Error('the bridge is gone'));
    await expect(call).rejects.toMatchObject({ code: 'TRANSPORT_FAILED' });
    expect(sent()).toBe(1);

    const next = command.mutate({ request, signal: controller.signal });
    controller.abort();
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
    leave();
    await vi.waitFor(() => expect(client.getMutationCache().getAll()).toEqual([]));
  });

  test('a command that went through has the car read anew', async () => {
    const { watch, command, strongAuth, answer, sent } = open();
    watch(vehicleQuery(strongAuth));
    await settleDown();
    await answer(succeeded({}));
    const call = command.mutate({ request, signal: new AbortController().signal });
    await settleDown();
    await answer(succeeded());
    await call;
    await vi.waitFor(() => expect(sent()).toBe(3));
  });
});

describe('shouldRetry', () => {
  const byCode = {
    CANCELLED: false,
    PIN_REJECTED: false,
    PIN_ENTRY_FAILED: false,
    PIN_ENTRY_TIMED_OUT: false,
    AUTHENTICATION_FAILED: false,
    AUTHENTICATION_TIMED_OUT: false,
    ACCOUNT_BLOCKED: false,
    DEVICE_UNKNOWN: false,
    FORBIDDEN: false,
    OTP_REFUSED: false,
    SIGN_IN_REQUIRED: false,
    OFFLINE: false,
    OUTCOME_UNKNOWN: false,
    OTP_BUDGET_SPENT: false,
    STILL_CHALLENGED: false,
    STALE: false,
    REPLAY_DECLINED: false,
    INTERACTION_REQUIRED: false,
    QUEUE_FULL: false,
    THROTTLED: false,
    TIMED_OUT: false,
    TRANSPORT_FAILED: true,
    PROTOCOL: false,
    SIGNED_OUT: false,
    DISPOSED: false,
  } satisfies Record<StrongAuthErrorCode, boolean>;
  const apiError = (code: number | string) =>
    new ApiError({ verb: 'get', api: 'x' }, { status: 'FAILED', error: { code } });

  test.each(Object.entries(byCode))('%s: %s', (code, expected) => {
    const error = new StrongAuthError(code as StrongAuthErrorCode, {} as never);
    expect(shouldRetry(0, error)).toBe(expected);
  });

  test.each([
    [2201, true],
    [2202, true],
    [2204, true],
    [2101, false],
    [2301, false],
    [2302, false],
    [2308, false],
    [2310, false],
    ['2204 or so', false],
  ])('SDK code %s: %s', (code, expected) => {
    expect(shouldRetry(0, apiError(code))).toBe(expected);
  });

  test('twice at most, and nothing that is no error of a call', () => {
    expect([0, 1, 2, 3].map((failures) => shouldRetry(failures, apiError(2201)))).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(shouldRetry(0, new TypeError('options must be an object'))).toBe(false);
    expect(shouldRetry(0, new DOMException('left', 'AbortError'))).toBe(false);
  });
});
