import type { ScriptedCheck } from '../check.js';
import { demand } from '../finding.js';
import { messageOf, tellAnswer } from '../outcome.js';
import { COMMAND_API, failed, OTP, OTP_REQUEST, succeeded } from '../stage.js';
import { isSame } from '../values.js';

const { verb: OTP_VERB, api: OTP_API, parameters: OTP_PARAMETERS } = OTP_REQUEST;

/** What the bridge does when an answer is no longer wanted. */
export const endingChecks: readonly ScriptedCheck[] = [
  {
    id: 'abort',
    title: 'A call that is aborted takes no other with it, and is not sent again',
    needs: ['concurrent'],
    async run(stage) {
      const sent = [1, 2, 3].map((call) => stage.send('set', COMMAND_API, { call }));
      await stage.arrival(3, 'One of three calls');
      sent[1]?.abort();
      await stage.pause();
      for (const index of [2, 0]) stage.native.calls[index]?.answer(succeeded({ answer: index }));
      await stage.until(() => sent[0]?.outcome.state !== 'pending' && sent[2]?.outcome.state !== 'pending');
      for (const index of [0, 2]) {
        const { outcome } = sent[index] as (typeof sent)[number];
        demand(
          isSame(messageOf(outcome), succeeded({ answer: index })),
          `Of three calls the second was aborted; of call ${index + 1} ${tellAnswer(outcome)}.`,
          'The signal belongs to one call: end nothing else by it, no connection and no queue.',
        );
      }
      const calls = stage.native.calls.length;
      demand(
        calls === 3,
        `After an abort the SDK had been called ${calls} times for three calls.`,
        'Send nothing because of an abort: the SDK cannot take a call back.',
      );
    },
  },
  {
    id: 'late-answer',
    title: 'A late answer to an aborted call is not taken for the answer to the next',
    needs: ['abort'],
    async run(stage) {
      const aborted = await stage.sent('get', COMMAND_API, { action: 'same' });
      aborted.abort();
      await stage.pause();
      const next = await stage.sent('get', COMMAND_API, { action: 'same' });
      aborted.call.answer(failed(2000, 'late'));
      await stage.pause();
      demand(
        next.outcome.state === 'pending',
        `The answer to an aborted call settled the next one: ${tellAnswer(next.outcome)}.`,
        'Give each call an id of its own, and never use one again, also not after an abort.',
      );
      next.call.answer(succeeded({ call: 'next' }));
      await stage.until(() => next.outcome.state !== 'pending');
      demand(
        isSame(messageOf(next.outcome), succeeded({ call: 'next' })),
        `After an aborted call and its late answer, of the next call ${tellAnswer(next.outcome)}.`,
        'Ignore the late answer, and go on.',
      );
    },
  },
  {
    id: 'abort-otp',
    title: 'An aborted OTP request stays open until the SDK has answered it',
    needs: ['abort'],
    async run(stage) {
      for (const late of [succeeded({ otp: OTP }), failed(2308)]) {
        const sent = await stage.sent(OTP_VERB, OTP_API, OTP_PARAMETERS);
        sent.abort();
        await stage.pause();
        demand(
          sent.outcome.state === 'pending',
          `An OTP request was aborted and the SDK had not answered it, yet ${tellAnswer(sent.outcome)}.`,
          'Do not settle a promise because of an abort: the SDK cannot abort and goes on working, and the package sends the next OTP request only when it knows that this one is over.',
        );
        sent.call.answer(late);
        await stage.settled(
          sent,
          'An OTP request was aborted, and the SDK answered it later',
          'Settle with the late answer all the same: it tells the package that the SDK is free again.',
        );
      }
    },
  },
];
