import { expect, test, vi } from 'vitest';
import { createActor } from 'xstate';
import { createActor as createLowestActor } from 'xstate-5.30';
import lowest from 'xstate-5.30/package.json' with { type: 'json' };
import './support/xstate-adapter.js';
// What of the core stands on XState; the paths are walked on it in the page of examples/xstate, see xstate.test.ts.
import '../lifecycle/otp-page.test.js';
import '../lifecycle/calls-and-subscriptions.test.js';
import '../lifecycle/otp-budget.test.js';
import '../lifecycle/own-back-end.test.js';
import '../lifecycle/pin-entry.test.js';
import '../lifecycle/refused-options.test.js';
import '../lifecycle/view-and-facts.test.js';
import '../lifecycle/endings.test.js';
import '../lifecycle/restart.test.js';
import '../scenarios/abort.test.js';
import '../scenarios/accounts-apart.test.js';
import '../scenarios/blocked-account.test.js';
import '../scenarios/cancel-and-decline.test.js';
import '../scenarios/cancel-during-otp.test.js';
import '../scenarios/challenged-again.test.js';
import '../scenarios/challenged-subscribe.test.js';
import '../scenarios/concurrency.test.js';
import '../scenarios/deadlines.test.js';
import '../scenarios/detection.test.js';
import '../scenarios/dispose-and-remount.test.js';
import '../scenarios/ensure.test.js';
import '../scenarios/no-secret-leaks.test.js';
import '../scenarios/otp-answers.test.js';
import '../scenarios/otp-budget.test.js';
import '../scenarios/pin-pad.test.js';
import '../scenarios/reload-and-restore.test.js';
import '../scenarios/replay-declined-or-stale.test.js';
import '../scenarios/replay.test.js';
import '../scenarios/subscriptions.test.js';
import '../scenarios/suspended-app.test.js';
import '../scenarios/throwing-listeners.test.js';
import '../scenarios/view.test.js';
import '../scenarios/what-the-prompt-names.test.js';
import '../scenarios/wrong-pin.test.js';
import '../scenarios/xstate-of-the-host.test.js';

vi.mock('xstate', () => import('xstate-5.30'));
vi.mock('xstate/graph', () => import('xstate-5.30/graph'));

test('what runs here is the lowest XState of the peer range', () => {
  expect(lowest.version).toBe('5.30.0');
  expect(createActor).toBe(createLowestActor);
});
