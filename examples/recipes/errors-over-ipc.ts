import {
  type ApiRequest,
  isApiError,
  isStrongAuthError,
  reviveError,
  type StrongAuth,
} from 'strong-auth-machine';

/** What crosses between processes: structured clones and JSON lose the class, the code and the remedy of an error that is thrown. */
export type Reply = { readonly result: unknown } | { readonly error: unknown };

/** In the process with the client, such as Electron's main one: `ipcMain.handle('car', (_, request) => answer(request))`. */
export const answerWith =
  (strongAuth: StrongAuth) =>
  async (request: ApiRequest): Promise<Reply> => {
    try {
      return { result: (await strongAuth.send(request)).result };
    } catch (error) {
      if (isStrongAuthError(error) || isApiError(error)) return { error: error.toJSON() };
      throw error;
    }
  };

/** In the other process: rejects with an error whose `code` and `remedy` are those of the first. */
export async function receive(reply: Promise<Reply>): Promise<unknown> {
  const received = await reply;
  if ('error' in received) throw reviveError(received.error) ?? new Error('an error of an unknown kind');
  return received.result;
}
