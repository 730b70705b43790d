import { describeEvent, type PlayedPath, type WorldEvent } from 'strong-auth-machine/testing';
import { type Command, commands } from './commands.js';
import type { DeskAnswer } from './desk.js';
import type { CallLife } from './journal.js';
import { PIN, type Stage } from './stage.js';
import type { Hands, Story } from './story-steps.js';

/** What each delay of the chart lasts on a stage by hand, in ms. */
const delays: Readonly<Record<string, number>> = {
  pinEntryTimeout: 120_000,
  otpTimeout: 8_000,
  otpLineTimeout: 8_000,
};

/** The buttons that ordinary calls press: each has its own, so that their requests can be told apart. */
const buttons: readonly Command[] = [commands.horn, commands.lights, commands.charge, commands.climate];

/** @returns A path of the test kit, as a failing test links it, as a story on a stage by hand. */
export function makePathStory({ calls, events }: PlayedPath): Story {
  const lives = new Map<number, CallLife>();
  const impossible = new Set<number>();

  const commandOf = (call: number): Command => {
    if (calls[call] === 'background') return commands.poll;
    return calls[call] === 'read' ? commands.status : (buttons[call % buttons.length] as Command);
  };
  /** Answers the last request that is meant. @returns Whether there was one. */
  const answer = ({ desk, simulator }: Stage, given: DeskAnswer, call?: number): boolean => {
    const wanted = call === undefined ? undefined : commandOf(call).request(simulator);
    const last = desk.requests
      .filter(({ isOtp, api, action }) =>
        wanted ? api === wanted.api && action === wanted.parameters?.action : isOtp,
      )
      .at(-1);
    if (last) desk.answer(last.number, given);
    return last !== undefined;
  };
  const isAsked = ({ pad }: Stage): boolean => pad.view.getSnapshot().isOpen;

  /** @returns Whether that could be done. */
  const perform = async (event: WorldEvent, stage: Stage, hands: Hands): Promise<boolean> => {
    const { strongAuth, pad, clock } = stage;
    switch (event.type) {
      case 'call.made': {
        const life = calls[event.call] === 'ensure' ? stage.ensure() : stage.run(commandOf(event.call));
        if (life) lives.set(event.call, life);
        return life !== undefined;
      }
      case 'call.succeeded':
        return answer(stage, 'succeed', event.call);
      case 'call.failed':
        return answer(stage, 2204, event.call);
      case 'call.challenged':
        return answer(stage, 2302, event.call);
      case 'call.aborted': {
        const life = lives.get(event.call);
        const isPending = life?.outcome === 'pending';
        life?.giveUp();
        clock.skip(0); // the turn ends
        return isPending;
      }
      case 'pin.given':
      case 'pin.malformed':
        if (!isAsked(stage)) return false;
        await hands.typePin(event.type === 'pin.given' ? PIN : '12');
        return true;
      case 'pin.declined':
      case 'pin.failed':
        if (!isAsked(stage)) return false;
        if (event.type === 'pin.declined') pad.cancel();
        else stage.breakPad();
        return true;
      case 'otp.granted':
      case 'otp.answeredLate':
        return answer(stage, 'succeed');
      case 'otp.pinRejected':
      case 'otp.pinMalformed':
      case 'otp.resetNeeded':
      case 'otp.denied':
        return answer(stage, event.otpCode);
      case 'timeout':
        clock.skip(delays[event.delay] ?? 0);
        return true;
      case 'cancelled':
        strongAuth.cancel();
        return true;
      case 'recovered':
        strongAuth.recovered();
        return true;
      case 'reset':
        strongAuth.reset();
        return true;
      case 'disposed':
        strongAuth.dispose();
        return true;
      case 'recovery.succeeded':
      case 'recovery.failed':
      case 'retryTime.came':
      case 'turn.ended':
        return false; // the page's client has no `recover`, and its clock no such moments
      default:
        return event satisfies never;
    }
  };

  return {
    title: 'A path of the test kit',
    about: 'A path that a test has linked, as it should go: on the real machine, one event at a time.',
    steps: events.map((event, index) => ({
      text: `${describeEvent(event)}.`,
      async act(stage, hands) {
        if (!(await perform(event, stage, hands))) impossible.add(index);
        await new Promise((resolve) => window.setTimeout(resolve)); // what it causes has happened
      },
    })),
    checks: () => [['every step could be taken on the real machine', impossible.size === 0]],
  };
}
