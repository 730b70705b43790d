import type { ReactNode } from 'react';
import type { StrongAuthView } from 'strong-auth-machine';
import { settle } from '../support/checks.js';
import { CHALLENGE, type createCountedStage, SUCCEEDED } from '../support/counted.js';
import { same, show } from './stage.js';

/** What components select of a view that is mirrored into a store. */
export const parts = {
  slice: (view: StrongAuthView) => view,
  status: (view: StrongAuthView) => view.status,
  waiting: (view: StrongAuthView) => view.waiting,
  prompt: (view: StrongAuthView) => view.prompt,
  failure: (view: StrongAuthView) => view.failure,
} satisfies Record<string, (view: StrongAuthView) => unknown>;

type Part = keyof typeof parts;

export const partNames = Object.keys(parts) as readonly Part[];

/** A component that shows one part of the store's view, and says when it renders. */
export interface ProbeProps {
  readonly part: Part;
  onRender(part: Part): void;
}

/**
 * Goes through a lifecycle step by step. Throws if a part was rendered that has not changed, or twice, or not at all.
 *
 * @param app A component for each of the {@link parts}, in their order.
 * @param changeElsewhere Changes something in the store that is not the view.
 */
export async function countRenders(
  stage: ReturnType<typeof createCountedStage>,
  app: (onRender: ProbeProps['onRender']) => ReactNode,
  changeElsewhere: () => void = () => {},
): Promise<void> {
  const { strongAuth } = stage.remote;
  let renders: Part[] = [];
  const screen = await show(app((part) => renders.push(part)));
  const rendered = async (deed: () => unknown, expected: readonly Part[], what: string) => {
    renders = [];
    await deed();
    await settle();
    same(renders, expected, `rendered when ${what}`);
  };
  await rendered(() => stage.send(0), ['slice', 'status'], 'a call starts');
  await rendered(() => stage.send(1), [], 'a second call is in flight');
  await rendered(changeElsewhere, [], 'another part of the store changes');
  await rendered(
    () => stage.answer(0, CHALLENGE),
    ['slice', 'status', 'waiting', 'prompt'],
    'the first is challenged',
  );
  await rendered(() => stage.answer(1, SUCCEEDED), ['slice'], 'the second settles');
  await rendered(() => strongAuth.actor.send({ type: 'otp.lineFree' }), [], 'an event is ignored');
  await rendered(() => stage.send(1), ['slice'], 'another is in flight beside the prompt');
  await rendered(
    () => stage.answer(1, CHALLENGE),
    ['slice', 'waiting', 'prompt'],
    'another call joins the prompt',
  );
  await rendered(
    () => strongAuth.cancel(),
    ['slice', 'status', 'waiting', 'prompt', 'failure'],
    'the wave is cancelled',
  );
  await rendered(() => stage.send(0), ['slice', 'status', 'failure'], 'the next call starts');
  await screen.unmount();
}
