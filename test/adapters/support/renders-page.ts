import { mountCounted } from 'counted-under-test';
import { createStage } from '../../../examples/model-based/stage.js';
import { commands, type Remote } from '../../../examples/shared/remote.js';
import { settle } from './checks.js';
import { counted } from './counted.js';

/** What is read: the whole view, two selections of it, and whether the pad is open. */
export type CountedPart = 'view' | 'status' | 'waiting' | 'isOpen';

/** Puts something on the page that reads each part in a place of its own, and calls `count` each time it renders that place. */
export type MountCounted = (
  root: HTMLElement,
  remote: Remote,
  count: (part: CountedPart) => void,
) => () => void;

/** How often each part was rendered by then, and how many listeners there were. */
export type Renders = Readonly<Record<CountedPart | 'listeners', number>>;

declare global {
  interface Window {
    /** Goes through a lifecycle step by step, and counts. */
    countRenders(): Promise<Readonly<Record<string, Renders>>>;
  }
}

const CHALLENGE = { status: 'FAILED', error: { code: 2302, label: 'Need Strong Authentication' } };

window.countRenders = async () => {
  const stage = createStage();
  const { strongAuth, pinPad } = stage.remote;
  const stores = [counted(strongAuth.view), counted(pinPad.view)] as const;
  const remote: Remote = {
    strongAuth: { ...strongAuth, view: stores[0].store },
    pinPad: { ...pinPad, view: stores[1].store },
  };
  const renders = { view: 0, status: 0, waiting: 0, isOpen: 0 };
  const seen: Record<string, Renders> = {};
  const note = async (step: string) => {
    await settle();
    seen[step] = { ...renders, listeners: stores[0].listeners + stores[1].listeners };
  };
  const send = (command: 0 | 1) => {
    strongAuth.send(commands[command]?.request ?? { verb: 'get', api: '' }).catch(() => {});
  };

  const root = document.body.appendChild(document.createElement('main'));
  const unmount = mountCounted(root, remote, (part) => {
    renders[part] += 1;
  });
  await note('mounted');
  send(0);
  await note('a call left');
  send(1);
  await settle();
  stage.answerCall(1, { status: 'SUCCEEDED' });
  await note('another came and went');
  strongAuth.cancel();
  pinPad.submit('1234');
  await note('there was nothing to cancel, and nothing to submit');
  stage.answerCall(0, CHALLENGE);
  await note('the call was challenged');
  send(1);
  await note('another left meanwhile');
  stage.answerCall(1, CHALLENGE);
  await note('it joined');
  pinPad.cancel();
  await note('the user declined');
  unmount();
  await note('unmounted');
  send(0);
  await note('a call left, and nobody looked');
  strongAuth.dispose();
  root.remove();
  return seen;
};
