import { QueryClientProvider } from '@tanstack/react-query';
import { renderToString } from 'react-dom/server.browser';
import { createSimulatedRemote } from '../../../examples/shared/simulated.js';
import { App } from '../../../examples/tanstack-query/app.js';
import { createQueryClient } from '../../../examples/tanstack-query/queries.js';

/** @returns The app as a server sends it. */
export function renderOnServer(): string {
  const remote = createSimulatedRemote();
  const html = renderToString(
    <QueryClientProvider client={createQueryClient()}>
      <App {...remote} />
    </QueryClientProvider>,
  );
  remote.strongAuth.dispose();
  return html;
}
