import { describe, expect, test, vi } from 'vitest';
import { challenged, START, settle, stage, URL_OF } from './support.js';

const ok = () => new Response('ok');

describe('what is seen of it', () => {
  test('the view has a prompt while the app authenticates, and one status for it', async () => {
    const app = stage();
    const seen: unknown[] = [];
    const { view } = app.stepUp.strongAuth;
    let last = view.getSnapshot();
    view.subscribe((next) => {
      const names = Object.keys({ ...last, ...next }) as (keyof typeof next)[];
      expect(names.filter((name) => last[name] !== next[name])).not.toEqual([]); // it is told of changes alone
      last = next;
      seen.push([next.status, next.prompt !== undefined]);
    });
    await app.sendChallenged('/a');
    expect(view.getSnapshot()).toBe(last);
    expect(last).toMatchObject({
      waiting: 1,
      inFlight: false,
      since: START,
    });
    await app.prompt().answer();
    await app.request().answer(ok());
    expect(seen.filter((one, index) => JSON.stringify(one) !== JSON.stringify(seen[index - 1]))).toEqual([
      ['calling', false],
      ['needStrongAuth', true],
      ['replaying', false],
      ['done', false],
    ]);
  });

  test('explain() names the requests without their queries', async () => {
    const app = stage();
    await app.send('/a?secret=1', { method: 'PUT' }, { label: 'Save' });
    await app.request().answer(challenged());
    app.clock.advance(1500);
    const explained = app.stepUp.strongAuth.explain();
    expect(explained).toMatchObject({
      status: 'needStrongAuth',
      requests: [
        { method: 'PUT', url: URL_OF('/a'), label: 'Save', phase: 'waiting', madeAt: START, rounds: 0 },
      ],
    });
    expect(String(explained)).toBe('needStrongAuth\nPUT https://api.example/a: waiting');
  });

  test('credentials in a URL, which the Request of some hosts lets pass, are in no name of it', async () => {
    vi.stubGlobal(
      'Request',
      class extends Request {
        override get url() {
          return 'https://user:secret@api.example/a';
        }
      },
    );
    const app = stage();
    const fate = await app.sendChallenged();
    app.stepUp.strongAuth.cancel();
    await settle();
    expect(fate.error).toMatchObject({ url: 'https://api.example/a' });
    expect(JSON.stringify([app.facts, fate.error])).not.toContain('secret');
  });

  test('telemetry tells each step, in the words of requests', async () => {
    const app = stage();
    await app.sendChallenged('/a?secret=1');
    await app.prompt().answer();
    await app.request().answer(ok());
    const name = { method: 'GET', url: URL_OF('/a'), id: 1, at: START };
    expect(app.facts).toEqual([
      { type: 'requestStarted', ...name },
      { type: 'challenged', ...name, rounds: 0 },
      { type: 'authenticationRequested', at: START, waiting: 1 },
      { type: 'authenticated', at: START, durationMs: 0 },
      { type: 'replayed', ...name, rounds: 1 },
      { type: 'settled', ...name, outcome: 'succeeded', durationMs: 0, rounds: 1 },
    ]);
  });

  test.each<[string, (app: ReturnType<typeof stage>) => Promise<unknown>]>([
    ['AUTHENTICATION_FAILED', (app) => app.prompt().fail(new Error('broken'))],
    [
      'AUTHENTICATION_TIMED_OUT',
      (app) => {
        app.clock.advance(300_000);
        return settle();
      },
    ],
  ])(
    'telemetry tells of a denied authentication, and of the request that it ended: %s',
    async (code, end) => {
      const app = stage();
      await app.sendChallenged('/a');
      await end(app);
      expect(app.facts.slice(-2)).toMatchObject([
        { type: 'denied', code, rejected: 1 },
        { type: 'settled', outcome: 'failed', code },
      ]);
    },
  );

  test('the view is the same object until something changes, also after a denied authentication', async () => {
    const app = stage();
    const { view } = app.stepUp.strongAuth;
    await app.sendChallenged('/a');
    await app.prompt().answer(null);
    expect(view.getSnapshot()).toMatchObject({ status: 'cancelled', failure: { code: 'CANCELLED' } });
    expect(view.getSnapshot()).toBe(view.getSnapshot());
  });

  test('nothing that a user can see has a word of the vehicle SDK', async () => {
    const seen: unknown[] = [];
    const app = stage({ policy: { maxWaiting: 2 } });
    const { strongAuth } = app.stepUp;
    const look = () =>
      seen.push(strongAuth.view.getSnapshot(), strongAuth.explain(), String(strongAuth.explain()));
    strongAuth.view.subscribe(look);
    const fates = [
      await app.sendChallenged('/1'),
      await app.sendChallenged('/2'),
      await app.sendChallenged('/3'),
    ];
    await app.prompt().fail(new Error('broken'));
    fates.push(await app.sendChallenged('/4'));
    app.clock.advance(300_000);
    await settle();
    fates.push(await app.sendChallenged('/5'));
    await app.prompt().answer();
    await app.request().answer(challenged());
    fates.push(await app.send('/6', {}, { interactive: false }));
    await app.request().answer(challenged());
    fates.push(await app.sendChallenged('/7'));
    strongAuth.reset('left');
    await settle();
    strongAuth.dispose();
    fates.push(await app.send('/8'));
    look();
    expect(fates.map(({ fate }) => fate)).toEqual([
      ...['AUTHENTICATION_FAILED', 'AUTHENTICATION_FAILED', 'QUEUE_FULL', 'AUTHENTICATION_TIMED_OUT'],
      ...['STILL_CHALLENGED', 'INTERACTION_REQUIRED', 'SIGNED_OUT', 'DISPOSED'],
    ]);
    const errors = fates.flatMap(({ error }) => [error, String(error), { ...(error as object) }]);
    expect(JSON.stringify([seen, errors, app.facts])).not.toMatch(
      /\bpin|pin[A-Z]|\botp|otp[A-Z]|\d{4}\b(?<=23\d\d)|pims|vehicle/i,
    );
  });
});
