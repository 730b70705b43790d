import { renderToString } from 'react-dom/server.browser';
import { App } from '../../../examples/react/app.js';
import { Status } from '../../../examples/react/status.js';
import { createSimulatedRemote } from '../../../examples/shared/simulated.js';

/** @returns The app as a server sends it, where a call happens to be in flight. */
export function renderOnServer(): string {
  const remote = createSimulatedRemote();
  remote.strongAuth.ensure().catch(() => {});
  const html = renderToString(<App {...remote} />);
  remote.strongAuth.dispose();
  return html;
}

/** Renders what needs a provider without one. */
export const renderUnprovided = (): string => renderToString(<Status />);
