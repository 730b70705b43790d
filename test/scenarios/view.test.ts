import { describe, expect, test } from 'vitest';
import { into, states } from './states.js';
import { challenge, START, stage } from './support.js';

/** The groups in which the states of the chart stand. */
const groups: Readonly<Record<string, string>> = {
  idle: 'resting',
  calling: 'working',
  needStrongAuth: 'wave',
  requestingOtp: 'wave',
  replaying: 'working',
  done: 'resting',
  cancelled: 'resting',
  failed: 'resting',
  closed: 'closed',
};

describe('the view', () => {
  test.each(states)('in %s it equals the real state', async (state) => {
    const app = stage();
    await into[state](app);
    const { value } = app.strongAuth.actor.getSnapshot();
    const [group, inGroup] = typeof value === 'string' ? [value, value] : (Object.entries(value)[0] ?? []);
    const real = typeof inGroup === 'string' ? inGroup : Object.keys(inGroup ?? {})[0];
    expect(group).toBe(groups[String(real)]);
    expect(app.view.status).toBe(real);
    expect(Boolean(app.view.prompt)).toBe(real === 'needStrongAuth');
    const { status, since, waitingFor } = app.strongAuth.explain();
    expect([status, since]).toEqual([app.view.status, app.view.since]);
    expect(waitingFor).toMatch(
      app.view.inFlight || group === 'wave' ? /^the (user|transport), to / : /^nothing: /,
    );
    expect(app.view.inFlight).toBe(['calling', 'replaying'].includes(String(real)));
    if (['idle', 'done', 'cancelled', 'failed', 'closed'].includes(String(real))) {
      expect(app.clock.pending).toBe(0);
      expect(app.view.waiting).toBe(0);
      expect(app.prompts.every(({ signal }) => signal.aborted) || real !== 'closed').toBe(true);
    }
  });

  test('is a new object only when something changed, and says since when', async () => {
    const app = stage();
    const views = new Set<unknown>();
    let heard = 0;
    app.strongAuth.view.subscribe((view) => {
      heard += 1;
      views.add(view);
    });
    const first = app.view;
    app.strongAuth.cancel();
    expect(app.view).toBe(first);
    await app.command();
    const calling = app.view;
    await app.pass(10);
    await app.command(); // a second call in flight is no change
    expect(app.view).toBe(calling);
    expect(app.view).toMatchObject({ status: 'calling', since: START, inFlight: true });
    await app.answer(challenge(), 0);
    expect(app.view).toMatchObject({ status: 'needStrongAuth', since: START + 10 });
    const prompting = app.view;
    app.strongAuth.actor.send({ type: 'otp.lineFree' }); // ignored in this state
    expect(app.view).toBe(prompting);
    expect(heard).toBe(views.size);
  });

  test('listeners: one that unsubscribes another, one that is given twice', async () => {
    const app = stage();
    let heard = 0;
    const listener = () => {
      heard += 1;
    };
    const off = app.strongAuth.view.subscribe(listener);
    app.strongAuth.view.subscribe(listener);
    off();
    off();
    await app.command();
    expect(heard).toBe(1);
  });

  test('no listener ever sees a call as in flight that is not, nor a status that is not', async () => {
    const app = stage();
    const seen: string[] = [];
    app.strongAuth.view.subscribe(({ status, inFlight, waiting }) => {
      seen.push(`${status} ${inFlight} ${waiting}`);
    });
    await app.challenged();
    await app.grant();
    await app.answerCommand();
    expect(seen).toEqual([
      'calling true 0',
      'needStrongAuth false 1',
      'requestingOtp false 1',
      'replaying true 0',
      'done false 0',
    ]);
  });
});
