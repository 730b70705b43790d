import { mountCounted } from 'counted-under-test';
import type { Remote } from '../../../examples/shared/remote.js';
import { settle } from './checks.js';
import { CHALLENGE, createCountedStage } from './counted.js';

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

window.countRenders = async () => {
  const stage = createCountedStage();
  const { strongAuth, pinPad } = stage.remote;
  const renders = { view: 0, status: 0, waiting: 0, isOpen: 0 };
  const seen: Record<string, Renders> = {};
  const note = async (step: string) => {
    await settle();
    seen[step] = { ...renders, listeners: stage.listening() };
  };

  const root = document.body.appendChild(document.createElement('main'));
  const unmount = mountCounted(root, stage.remote, (part) => {
    renders[part] += 1;
  });
  await note('mounted');
  await stage.send(0);
  await note('a call left');
  await stage.send(1);
  stage.answerCall(1, { status: 'SUCCEEDED' });
  await note('another came and went');
  strongAuth.cancel();
  pinPad.submit('1234');
  await note('there was nothing to cancel, and nothing to submit');
  stage.answerCall(0, CHALLENGE);
  await note('the call was challenged');
  await stage.send(1);
  await note('another left meanwhile');
  stage.answerCall(1, CHALLENGE);
  await note('it joined');
  pinPad.cancel();
  await note('the user declined');
  unmount();
  await note('unmounted');
  await stage.send(0);
  await note('a call left, and nobody looked');
  strongAuth.dispose();
  root.remove();
  return seen;
};
