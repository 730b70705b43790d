/** What names a request without anything private: its URL is without credentials, query and fragment. */
export interface RequestName {
  readonly method: string;
  readonly url: string;
}

/** @returns What names a request. */
export const nameOf = ({ method, url }: RequestName): RequestName => ({
  method,
  url: url.replace(/[?#].*/s, '').replace(/\/\/[^/]*@/, '//'),
});

/** @returns The name as one text, as the client knows the request. */
export const apiOf = ({ method, url }: RequestName): string => `${method} ${url}`;

/** @returns What {@link apiOf} put together. */
export function nameIn(api: string): RequestName {
  const [method, url] = api.split(' ') as [string, string];
  return { method, url };
}
