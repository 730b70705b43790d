import { createStepUpFetch, isStepUpError } from 'strong-auth-machine/fetch';

/** What the test asks of the page: all of it in a real browser, with its own `fetch`, CORS and popups. */
export interface StepUpPage {
  /** @returns How a request ended: the status and the body, or the code or the name of the error. */
  send(url: string, kind: 'nothing' | 'text' | 'form' | 'blob', init?: RequestInit): Promise<string>;
  cancel(): void;
  readonly signals: readonly boolean[];
  prompts: number;
}

declare global {
  interface Window {
    stepUpPage: StepUpPage;
  }
}

let token = 'weak';
const signals: AbortSignal[] = [];

/** Resolves with the token that the popup brought, or with `null` when its user has closed it. */
function signIn(signal: AbortSignal): Promise<string | null> {
  const popup = window.open('/login', 'login', 'popup');
  const channel = new BroadcastChannel('signed-in');
  return new Promise<string | null>((resolve) => {
    channel.onmessage = ({ data }) => resolve(data);
    const look = setInterval(() => {
      if (signal.aborted) popup?.close();
      if (!popup || popup.closed) {
        clearInterval(look);
        setTimeout(() => resolve(null), 500); // what it said last may arrive after it has closed
      }
    }, 20);
  }).finally(() => channel.close());
}

const { fetch: stepUpFetch, strongAuth } = createStepUpFetch({
  fetch(request) {
    request.headers.set('authorization', `Bearer ${token}`);
    return fetch(request);
  },
  async authenticate({ needs, signal }) {
    void needs;
    window.stepUpPage.prompts += 1;
    signals.push(signal);
    const better = await signIn(signal);
    if (better !== null) token = better;
    return better;
  },
});

const bodies = {
  nothing: () => null,
  text: () => 'a text',
  form: () => {
    const form = new FormData();
    form.set('name', 'value');
    form.set('file', new Blob(['of the file']), 'a.txt');
    return form;
  },
  blob: () => new Blob(['a blob'], { type: 'text/plain' }),
};

window.stepUpPage = {
  prompts: 0,
  async send(url, kind, init = {}) {
    try {
      const body = bodies[kind]();
      const response = await stepUpFetch(url, { ...init, ...(body && { method: 'POST', body }) });
      return `${response.status} ${await response.text()}`;
    } catch (error) {
      return isStepUpError(error) ? error.code : (error as Error).name;
    }
  },
  cancel: strongAuth.cancel,
  get signals() {
    return signals.map(({ aborted }) => aborted);
  },
};
