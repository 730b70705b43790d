import type { ApiMessage } from 'strong-auth-machine';

/** How a request leaves: the `fetch` of the host, or a back end in memory. */
export type Send = (request: Request) => Promise<Response>;

/** @returns A request with a body in JSON, which may carry a token. */
export const jsonRequest = (url: string, body: object, token?: string, signal?: AbortSignal): Request =>
  new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });

/** @returns A response as the message that a transport answers with: what the server said of an error is kept in it. */
export async function toMessage(response: Response): Promise<ApiMessage> {
  const text = await response.text();
  const body = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return { status: 'SUCCEEDED', result: body };
  const retryAfter = response.headers.get('retry-after');
  return {
    status: 'FAILED',
    error: { ...body, code: response.status, label: body?.error, ...(retryAfter && { retryAfter }) },
  };
}
