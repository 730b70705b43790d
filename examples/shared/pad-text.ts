import type { PinPadView, PinPrompt } from 'strong-auth-machine';

/** Why the PIN is asked for, in words. Each reason has its own: a malformed PIN was not sent, and cost no attempt. */
export const reasons: Readonly<Record<PinPrompt['reason'], string>> = {
  strongAuthNeeded: 'Enter your PIN.',
  pinRejected: 'That was not the PIN.',
  pinMalformed: 'A PIN has 4 to 8 digits. Nothing was sent.',
};

/** @returns What the dialog says. */
export function padText({ phase, prompt }: Pick<PinPadView, 'phase' | 'prompt'>): string {
  if (!prompt) return '';
  if (phase === 'checking') return 'Checking the PIN…';
  return `${reasons[prompt.reason]} Attempt ${prompt.attempt}, ${prompt.attemptsLeft} left.`;
}
