import { createStrongAuth } from 'strong-auth-machine';
import { describe, expect, test } from 'vitest';
import {
  at,
  COMMAND,
  challenge,
  createManualClock,
  createScriptedUser,
  createTransport,
  DOORS,
  EVENTS,
  event,
  failed,
  OTP,
  PIN,
  START,
  settleDown,
  stage,
  succeeded,
  watch,
} from './support.js';

describe('42. Logout or account switch while prompting: flush; never replay as the new user', () => {
  test.each(['needStrongAuth', 'requestingOtp', 'replaying', 'calling'])('from %s', async (from) => {
    const app = stage();
    const call = from === 'calling' ? await app.command() : await app.challenged();
    if (from === 'requestingOtp' || from === 'replaying') await app.type(PIN);
    if (from === 'replaying') await app.answerOtp();
    expect(app.status).toBe(from);
    const sent = app.requests.length;
    app.strongAuth.reset('switched account');
    await settleDown();
    expect(call.error).toMatchObject({
      code: 'SIGNED_OUT',
      remedy: 'signIn',
      details: { reason: 'switched account' },
    });
    expect(app.view).toMatchObject({ status: 'idle', waiting: 0, inFlight: false });
    expect(app.view).not.toHaveProperty('failure');
    expect(app.clock.pending).toBe(0);
    if (from === 'needStrongAuth') expect(app.prompts[0]?.signal.aborted).toBe(true);

    // Everything that was under way answers late, as for the user before.
    if (from === 'needStrongAuth') await app.type(PIN);
    for (const request of app.requests.slice())
      request.resolve(from === 'requestingOtp' ? succeeded() : challenge());
    await app.pass(10 ** 6);
    expect(app.requests).toHaveLength(sent);
    expect(app.status).toBe('idle');
    expect(call.settlements).toBe(1);
  });

  test('the next user has a clean slate: a prompt, attempts and a wave of their own', async () => {
    const app = stage();
    const straggler = await app.command();
    await app.challenged();
    await app.type('0000');
    await app.answerOtp(failed(2308));
    app.strongAuth.reset();
    await settleDown();
    expect(straggler.fate).toBe('SIGNED_OUT');
    expect((straggler.error as { details: object }).details).toEqual({});
    const call = await app.challenged({}, { user: 'new' });
    expect(app.prompts.at(-1)).toMatchObject({ attempt: 1, attemptsLeft: 2, reason: 'strongAuthNeeded' });
    expect(app.prompts.at(-1)?.calls).toHaveLength(1);
    await app.answer(challenge(), 0); // of the user before
    expect(app.view.waiting).toBe(1);
    await app.grant();
    expect(app.commands.filter(({ request }) => request.parameters?.user === 'new')).toHaveLength(2);
    expect(app.commands).toHaveLength(4);
    await app.answerNext(COMMAND, succeeded());
    expect(call.fate).toBe('resolved');
  });

  test('a wave of the next user is not taken for one that ended before: stragglers of the old do not replay', async () => {
    const app = stage();
    for (let n = 0; n < 3; n += 1) {
      await app.challenged();
      await app.cancel();
    }
    app.strongAuth.reset();
    const call = await app.challenged();
    expect(app.prompts).toHaveLength(4);
    expect(call.fate).toBe('pending');
  });

  test('subscriptions of the user before end', async () => {
    const app = stage();
    const events: unknown[] = [];
    const pending = app.strongAuth.subscribe(EVENTS, {}, (one) => events.push(one));
    at(app.registrations, 0).emit(succeeded());
    const subscription = await pending;
    app.strongAuth.reset();
    at(app.registrations, 0).emit(event('of the old user'));
    await settleDown();
    expect(events).toEqual([]);
    await subscription.unsubscribe();
  });

  test('reset() at rest and twice', async () => {
    const app = stage();
    app.strongAuth.reset();
    app.strongAuth.reset();
    expect(app.status).toBe('idle');
    await app.challenged();
    await app.cancel();
    app.strongAuth.reset();
    expect(app.status).toBe('idle');
    expect(app.view.failure).toBeUndefined();
  });

  test('reset() from the rejection handler of a reset call: the new call is one of the new user', async () => {
    const app = stage();
    const again: ReturnType<typeof watch>[] = [];
    const call = app.strongAuth.set(COMMAND, DOORS);
    call.catch(() => again.push(watch(app.strongAuth.set(COMMAND, DOORS))));
    await settleDown();
    await app.answer(challenge());
    app.strongAuth.reset();
    await settleDown();
    expect(again.map(({ fate }) => fate)).toEqual(['pending']);
    expect(app.commands).toHaveLength(2);
    await app.answer(succeeded(1));
    expect(again[0]?.value).toBe(1);
  });
});

describe.each(['reset', 'dispose'] as const)(
  '42, variant: %s() from code that the client calls while it replays',
  (how) => {
    const code = how === 'reset' ? 'SIGNED_OUT' : 'DISPOSED';

    test.each(['replay', 'prepareReplay'])('from %s: nothing is replayed after it', async (where) => {
      const app = stage(
        where === 'prepareReplay'
          ? {
              prepareReplay: (request) => {
                app.strongAuth[how]();
                return request;
              },
            }
          : {},
      );
      const replay = (): boolean => {
        app.strongAuth[how]();
        return true;
      };
      const one = await app.challenged(where === 'replay' ? { replay } : {});
      const two = await app.challenged();
      await app.grant();
      expect([one.fate, two.fate]).toEqual([code, code]);
      expect(app.commands).toHaveLength(2);
      expect(app.clock.pending).toBe(0);
    });

    test('from the transport, at the first replay: the others are not sent', async () => {
      const app = stage();
      const send = app.transport.send;
      let isGranted = false;
      app.transport.send = (request, options) => {
        const answer = send(request, options);
        if (isGranted && request.api === COMMAND) app.strongAuth[how]();
        return answer;
      };
      const calls = [await app.challenged(), await app.challenged(), await app.challenged()];
      await app.type(PIN);
      isGranted = true;
      await app.answerOtp();
      expect(calls.map(({ fate }) => fate)).toEqual([code, code, code]);
      expect(app.commands).toHaveLength(4);
      expect(app.clock.pending).toBe(0);
    });

    test('a call made right after reset() in the same breath is one of the new user', async () => {
      if (how === 'dispose') return;
      const app = stage();
      let fresh: ReturnType<typeof watch> | undefined;
      await app.challenged({
        replay: () => {
          app.strongAuth.reset();
          fresh = watch(app.strongAuth.get('app.user'));
          return true;
        },
      });
      await app.grant();
      expect(app.requestsOf('app.user')).toHaveLength(1);
      await app.answerNext('app.user', succeeded('new'));
      expect(fresh?.value).toBe('new');
    });
  },
);

test('two clients of two accounts do not touch each other', async () => {
  const transport = createTransport();
  const clock = createManualClock(START);
  const users = [createScriptedUser(), createScriptedUser()];
  const clients = users.map(({ enterPin }) => createStrongAuth({ transport, enterPin, clock }));
  const [one, two] = clients.map((client, n) => watch(client.set<unknown>(COMMAND, { ...DOORS, n })));
  await settleDown();
  at(transport.requests, 0).resolve(challenge());
  await settleDown();
  expect(users.map(({ prompts }) => prompts.length)).toEqual([1, 0]);
  at(clients, 0).cancel();
  at(transport.requests, 1).resolve(succeeded(2));
  await settleDown();
  expect([one?.fate, two?.fate]).toEqual(['CANCELLED', 'resolved']);
  expect(transport.requests.filter(({ request }) => request.api === OTP)).toHaveLength(0);
});
