import { createPinPad, type PinPadView, type PinPrompt } from 'strong-auth-machine';
import { settleDown, watched } from './support.js';

type Reason = PinPrompt['reason'];

/** A prompt as a client makes it, whose end the test decides. */
export function promptOf(reason: Reason = 'strongAuthNeeded', attempt = 1) {
  const controller = new AbortController();
  let judge = () => {};
  const judged = new Promise<void>((resolve) => {
    judge = resolve;
  });
  const { signal } = controller;
  const prompt: PinPrompt = { attempt, attemptsLeft: 3 - attempt, reason, calls: [], signal, judged };
  return {
    prompt,
    abort: () => controller.abort(),
    async judge() {
      judge();
      await settleDown();
    },
  };
}

/** A prompt of a host that knows nothing of judgements. */
export function unjudged(): PinPrompt {
  const { judged: _, ...prompt } = promptOf().prompt;
  return prompt as PinPrompt;
}

/** A pad, and what it has shown. */
export function padded(options?: Parameters<typeof createPinPad>[0]) {
  const pad = createPinPad(options);
  const shown: string[] = [];
  const told: PinPadView[] = [];
  pad.view.subscribe((view) => {
    shown.push(view.phase);
    told.push(view);
  });
  const ask = (prompt: PinPrompt) => watched(pad.enterPin(prompt));
  return { pad, ask, shown, told, view: () => pad.view.getSnapshot() };
}
