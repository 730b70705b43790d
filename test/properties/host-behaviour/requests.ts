import type { ApiRequest, Secret } from 'strong-auth-machine';

export const OTP_API = 'pims.authentication.otp';

export const nothing = () => {};

export const failed = (code: number) => ({
  transactionId: 'invented',
  status: 'FAILED',
  error: { code, label: 'invented' },
});

export const otpRequest = (pin: string, resetStep: boolean): ApiRequest => ({
  verb: 'get',
  api: OTP_API,
  parameters: { action: 'withPIN', pinCode: pin, ...(resetStep && { resetStep: true }) },
});

export const succeeded = (result: unknown) => ({ transactionId: 't', status: 'SUCCEEDED', result });

export function withOtp(message: unknown, otp: string | undefined): unknown {
  const isGrant = (message as { status?: unknown } | null)?.status === 'SUCCEEDED';
  return isGrant ? succeeded(otp === undefined ? {} : { otp }) : message;
}

export function withSecret(request: ApiRequest, name: string, secret: Secret): ApiRequest {
  return { ...request, parameters: { ...request.parameters, [name]: secret.reveal() } };
}

export function isMessage(value: unknown): value is { readonly status: string } {
  return typeof (value as { status?: unknown } | null | undefined)?.status === 'string';
}

/** Changes what is somebody else's. */
export function spoil(parameters: ApiRequest['parameters']): void {
  try {
    const { list } = (parameters ?? {}) as { list?: unknown[] };
    if (list) list[0] = 'changed';
    if (parameters) (parameters as { changed?: boolean }).changed = true;
  } catch {
    // Those that `prepareReplay` has made may refuse. Its own answer would be lost with what is thrown here.
  }
}
