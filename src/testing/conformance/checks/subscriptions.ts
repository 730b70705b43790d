import type { ScriptedCheck } from '../check.js';
import { demand } from '../finding.js';
import { howToFail, messageOf, observe, tellAnswer } from '../outcome.js';
import { EVENT_API, event, failed, type Listened, succeeded } from '../stage.js';
import { isSame, show } from '../values.js';

const SIGNAL_API = 'pims.vehicle.signal';
const EVERYTHING = 'Give onMessage every message of the subscription, as it is and in order.';

const resultsOf = (listened: Listened): unknown[] =>
  listened.read().flatMap((message) => (message?.status === 'RESULT' ? [message.result] : []));

/** What the bridge does with subscriptions. */
export const subscriptionChecks: readonly ScriptedCheck[] = [
  {
    id: 'subscribe',
    title: 'A subscription brings its acknowledgement, then each event once and in order',
    of: 'subscriptions',
    async run(stage) {
      const { subscribe } = stage.transport;
      demand(
        typeof subscribe === 'function',
        'The transport has no subscribe().',
        'Add subscribe(request, onMessage, options), or say subscriptions: false to the suite.',
      );
      const listened = await stage.subscribed();
      const { call } = listened;
      demand(
        call.verb === 'subscribe' && call.api === EVENT_API,
        `subscribe ${EVENT_API} reached the SDK as ${call.verb} ${call.api}.`,
        'Call sdk.subscribe(api, parameters, callback).',
      );
      demand(
        isSame(listened.messages[0], succeeded()),
        `The acknowledgement was ${show(succeeded())}, and arrived as ${show(listened.messages[0])}.`,
        EVERYTHING,
      );
      const wanted = [1, 2, 3, 4, 5].map((count) => ({ count }));
      for (const [index, result] of wanted.entries()) {
        call.answer(event(result));
        if (index === 2) await stage.pause();
      }
      await stage.until(() => listened.messages.length >= wanted.length + 1);
      await stage.pause();
      demand(
        isSame(resultsOf(listened), wanted),
        `The SDK sent ${show(wanted)}; onMessage got ${show(resultsOf(listened))}.`,
        `${EVERYTHING} Keep the callback: a subscription is called back for as long as it runs.`,
      );
    },
  },
  {
    id: 'subscribe-failed',
    title: 'A subscription that the SDK refuses fails with the SDK’s code, as a message or as a rejection',
    of: 'subscriptions',
    async run(stage) {
      const listened = await stage.listened();
      const { call } = listened;
      call.answer(failed(2005, 'Duplicate command'));
      const refusal = () =>
        listened.read()[0] ??
        (listened.outcome.state === 'rejected' ? messageOf(listened.outcome) : undefined);
      await stage.until(() => refusal() !== undefined || listened.outcome.state === 'rejected');
      const read = refusal();
      demand(
        read?.status === 'FAILED' && read.error.code === 2005,
        `The SDK refused the subscription with 2005; ${listened.messages.length > 0 ? `onMessage got ${show(listened.messages[0])}` : tellAnswer(listened.outcome)}.`,
        listened.outcome.state === 'rejected' ? howToFail(listened.outcome) : EVERYTHING,
      );
    },
  },
  {
    id: 'subscribe-throw',
    title: 'An SDK that throws on subscribe ends the subscription, as a failure',
    of: 'subscriptions',
    async run(stage) {
      stage.native.onCall = () => {
        throw new Error('The SDK threw');
      };
      const listened = stage.listen(EVENT_API, {});
      const isOver = await stage.until(
        () => listened.outcome.state === 'rejected' || listened.messages.length > 0,
      );
      demand(
        isOver && listened.read()[0]?.status !== 'SUCCEEDED',
        `The SDK threw on subscribe; ${isOver ? `onMessage got ${show(listened.messages[0])}` : 'nothing was rejected, and onMessage got nothing'}.`,
        'Throw, or reject the promise that subscribe() returns: otherwise the app waits for an acknowledgement that never comes.',
      );
    },
  },
  {
    id: 'early-event',
    title: 'An event that comes before the acknowledgement is not lost',
    needs: ['subscribe'],
    of: 'subscriptions',
    async run(stage) {
      const listened = await stage.listened();
      const { call } = listened;
      call.answer(event({ count: 1 }));
      call.answer(succeeded());
      call.answer(event({ count: 2 }));
      await stage.until(() => listened.messages.length >= 3);
      await stage.pause();
      const isAcknowledged = listened.read().some((message) => message?.status === 'SUCCEEDED');
      demand(
        isAcknowledged && isSame(resultsOf(listened), [{ count: 1 }, { count: 2 }]),
        `The SDK sent an event, the acknowledgement and another event; onMessage got ${show(listened.messages)}.`,
        'Pass messages on without waiting for the acknowledgement; the package sorts them. Its status tells what a message is, not its place.',
      );
    },
  },
  {
    id: 'event-error',
    title: 'An event that carries an error arrives, and does not end the subscription',
    needs: ['subscribe'],
    of: 'subscriptions',
    async run(stage) {
      const listened = await stage.subscribed();
      const { call } = listened;
      call.answer({ transactionId: 't', status: 'RESULT', error: { code: '2000', label: 'Unknown error' } });
      call.answer(event({ count: 1 }));
      await stage.until(() => listened.messages.length >= 3);
      const [, broken, next] = listened.read();
      demand(
        broken?.status === 'RESULT' && broken.error?.code === 2000,
        `The SDK sent an event with the error "2000"; onMessage got ${show(listened.messages.slice(1))}.`,
        'A RESULT may carry an error instead of a result: give it to onMessage like any other.',
      );
      demand(
        next?.status === 'RESULT' && isSame(next.result, { count: 1 }),
        `After an event with an error the SDK sent another; onMessage got ${show(listened.messages.slice(1))}.`,
        'Keep the subscription: an error in an event does not end it.',
      );
    },
  },
  {
    id: 'kept-apart',
    title: 'Two subscriptions, and an event and an answer of the same API, are kept apart',
    needs: ['subscribe', 'concurrent'],
    of: 'subscriptions',
    async run(stage) {
      const one = await stage.subscribed(EVENT_API);
      const other = await stage.subscribed(SIGNAL_API);
      const sent = await stage.sent('get', EVENT_API, {});
      one.call.answer(event({ of: 'one' }));
      other.call.answer(event({ of: 'other' }));
      await stage.until(() => one.messages.length > 1 && other.messages.length > 1);
      await stage.pause();
      demand(
        sent.outcome.state === 'pending',
        `An event of ${EVENT_API} was taken for the answer to a get of the same name: ${tellAnswer(sent.outcome)}.`,
        'Tell messages apart by the id of the call they belong to, not by the name of the API.',
      );
      sent.call.answer(succeeded({ of: 'get' }));
      await stage.until(() => sent.outcome.state !== 'pending');
      await stage.pause();
      const got = [resultsOf(one), resultsOf(other)];
      demand(
        isSame(got, [[{ of: 'one' }], [{ of: 'other' }]]) && one.messages.length === 2,
        `Two subscriptions were sent one event each, and a get was answered; their onMessage got ${show(one.messages)} and ${show(other.messages)}.`,
        'Tell messages apart by the id of the call they belong to, not by their kind or by the name of the API.',
      );
      demand(
        isSame(messageOf(sent.outcome), succeeded({ of: 'get' })),
        `A get was answered while a subscription of the same name ran; ${tellAnswer(sent.outcome)}.`,
        'Tell messages apart by the id of the call they belong to.',
      );
    },
  },
  {
    id: 'unsubscribe',
    title: 'After unsubscribe the SDK has been told, once, and the app hears nothing more',
    needs: ['subscribe', 'verbs'],
    of: 'subscriptions',
    async run(stage) {
      const { strongAuth } = stage.client();
      const heard: unknown[] = [];
      const subscribing = observe(() =>
        strongAuth.subscribe<unknown>('backend.feed', {}, (event) => void heard.push(event.result)),
      );
      const registration = await stage.arrival(1, 'The subscription', subscribing);
      registration.answer(succeeded());
      await stage.settled({ outcome: subscribing }, 'The SDK acknowledged the subscription', EVERYTHING);
      registration.answer(event({ count: 1 }));
      await stage.until(() => heard.length > 0);
      const { unsubscribe } = subscribing.value as { unsubscribe(): Promise<void> };
      const ending = observe(unsubscribe);
      const call = await stage.arrival(2, 'unsubscribe', ending);
      demand(
        call.verb === 'unsubscribe' && call.api === 'backend.feed',
        `unsubscribe backend.feed reached the SDK as ${call.verb} ${call.api}.`,
        'Call sdk.unsubscribe(api, parameters, callback) for the verb unsubscribe, which comes through send().',
      );
      await stage.pause();
      const times = stage.native.calls.filter(({ verb }) => verb === 'unsubscribe').length;
      demand(
        times === 1,
        `The SDK was told ${times} times to end one subscription.`,
        'Send unsubscribe only when send() is given it, never because of the signal as well: the second one fails.',
      );
      registration.answer(event({ count: 2 }));
      call.answer(succeeded());
      await stage.settled(
        { outcome: ending },
        'The SDK confirmed the end',
        'Settle the promise of unsubscribe too.',
      );
      registration.answer(event({ count: 3 }));
      await stage.pause();
      demand(
        isSame(heard, [{ count: 1 }]),
        `Three events were sent, the last two after unsubscribe(); the app heard ${show(heard)}.`,
        EVERYTHING,
      );
    },
  },
  {
    id: 'resubscribe',
    title: 'After unsubscribing and subscribing again each event comes once',
    needs: ['kept-apart', 'verbs'],
    of: 'subscriptions',
    async run(stage) {
      const before = await stage.subscribed();
      before.abort();
      await stage.exchange('unsubscribe', EVENT_API, undefined, succeeded());
      const after = await stage.subscribed();
      for (const count of [1, 2]) after.call.answer(event({ count }));
      await stage.until(() => after.messages.length > 2);
      await stage.pause();
      demand(
        isSame(resultsOf(after), [{ count: 1 }, { count: 2 }]) && after.messages.length === 3,
        `Subscribed for the second time, with one event after the other, onMessage got ${show(after.messages)}.`,
        'Take your listener off the platform’s event channel when a subscription ends, and let it heed only the id of its own.',
      );
      demand(
        before.messages.length === 1,
        `The first subscription was over, and its onMessage got ${show(before.messages.slice(1))}.`,
        'Let each subscription heed only the id of its own.',
      );
    },
  },
  {
    id: 'abandoned-subscribe',
    title: 'A subscription that was given up before its acknowledgement can be taken back',
    needs: ['subscribe'],
    of: 'subscriptions',
    async run(stage) {
      const listened = await stage.listened();
      const { call } = listened;
      listened.abort();
      await stage.pause();
      call.answer(succeeded());
      const isKnown = await stage.until(
        () => listened.messages.length > 0 || stage.native.calls.some(({ verb }) => verb === 'unsubscribe'),
      );
      demand(
        isKnown,
        'A subscription was given up, the SDK acknowledged it afterwards, and nobody was told.',
        'Go on giving onMessage what comes, also after an abort: the package takes such a registration back. Otherwise the SDK sends events to nobody, and refuses the next subscription with 2005.',
      );
    },
  },
];
