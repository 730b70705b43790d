/** A bank whose API asks for step-up authentication by RFC 9470. */
import { createStepUpFetch, isStepUpError, type StepUpNeeds } from 'strong-auth-machine/fetch';
import type { Send } from './envelope.js';

export interface BankOptions {
  readonly url: string;
  readonly send: Send;
  /** Signs the user in for what is needed. Resolves with a token, or with `null` if the user declined. */
  signIn(needs: StepUpNeeds, signal: AbortSignal): Promise<string | null>;
}

export function createBank({ url, send, signIn }: BankOptions, token: string) {
  let current = token;
  const { fetch, strongAuth } = createStepUpFetch({
    fetch(request) {
      request.headers.set('authorization', `Bearer ${current}`); // asked again for the replay: the token of then
      return send(request);
    },
    async authenticate({ needs, signal }) {
      const better = await signIn(needs, signal);
      if (better === null) return null; // declined: the requests that wait reject CANCELLED
      current = better;
      return better;
    },
  });
  return {
    strongAuth,
    /** @returns The balance, or `undefined` while that would have to ask the user: it is polled. */
    async balance(): Promise<number | undefined> {
      try {
        const response = await fetch(`${url}/balance`, {}, { interactive: false });
        return (await response.json()).balance;
      } catch (error) {
        if (isStepUpError(error) && error.code === 'INTERACTION_REQUIRED') return undefined;
        throw error;
      }
    },
    /** @returns The number of the transfer. */
    async transfer(amount: number): Promise<string> {
      const response = await fetch(
        `${url}/transfers`,
        { method: 'POST', body: JSON.stringify({ amount }) },
        { label: `Transfer of ${amount}` },
      );
      if (!response.ok) throw new Error(`the bank answered ${response.status}`);
      return (await response.json()).id;
    },
  };
}
