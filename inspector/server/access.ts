import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** The names by which this machine calls itself. */
const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '[::1]'];

/** @returns Whether a request names this machine as its host: a page that rebinds its own name to 127.0.0.1 does not. */
export const isForThisMachine = ({ headers }: IncomingMessage): boolean =>
  LOOPBACK.includes(hostnameOf(`http://${headers.host ?? ''}`) ?? '');

/** @returns Whether the token of the address is the right one, compared in constant time. */
export function hasToken(url: URL, token: string): boolean {
  const given = Buffer.from(url.searchParams.get('token') ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}

/** @returns Whether a request comes from the page that this server serves. */
export const isOwnPage = ({ headers }: IncomingMessage): boolean =>
  headers.origin !== undefined && headers.origin === `http://${headers.host}`;

/** @returns Whether a request comes from an app on this machine: one without an origin, as Node, or of a local page. */
export const isLocalApp = ({ headers }: IncomingMessage): boolean =>
  headers.origin === undefined || LOOPBACK.includes(hostnameOf(headers.origin) ?? '');

function hostnameOf(address: string): string | undefined {
  try {
    return new URL(address).hostname;
  } catch {
    return undefined;
  }
}
