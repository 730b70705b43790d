/**
 * What a careful team writes by hand for one app: one prompt and one OTP for all who wait, one replay each, and cancel. It has
 * no stragglers, no time-outs, no ages, no view, no budget, no subscriptions and no facade; that is part of the comparison.
 */
export interface Message {
  readonly status: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number | string };
}

type Send = (request: { verb: string; api: string; parameters: Record<string, unknown> }) => Promise<Message>;

export function createHandWritten(send: Send, enterPin: () => Promise<string | null>) {
  let granting: Promise<void> | undefined;
  let cancelled = false;

  async function requestOtp(pinCode: string, resetStep: boolean): Promise<Message> {
    const parameters = { action: 'withPIN', pinCode, ...(resetStep && { resetStep }) };
    return send({ verb: 'get', api: 'pims.authentication.otp', parameters });
  }

  async function grant(): Promise<void> {
    cancelled = false;
    const pin = await enterPin();
    if (!pin || cancelled) throw new Error('CANCELLED');
    let answer = await requestOtp(pin, false);
    if (answer.status === 'FAILED' && [2312, 2317].includes(Number(answer.error?.code)))
      answer = await requestOtp(pin, true);
    if (cancelled) throw new Error('CANCELLED');
    if (answer.status !== 'SUCCEEDED') throw new Error(`OTP refused: ${answer.error?.code}`);
  }

  return {
    async get(api: string, parameters: Record<string, unknown>): Promise<unknown> {
      let message = await send({ verb: 'get', api, parameters });
      if (message.status === 'FAILED' && Number(message.error?.code) === 2302) {
        granting ??= grant().finally(() => {
          granting = undefined;
        });
        await granting;
        message = await send({ verb: 'get', api, parameters });
      }
      if (message.status !== 'SUCCEEDED') throw new Error(`failed: ${message.error?.code}`);
      return message.result;
    },
    cancel() {
      cancelled = true;
    },
  };
}
