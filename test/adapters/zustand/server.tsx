import { renderToString } from 'react-dom/server.browser';
import { createSimulatedRemote } from '../../../examples/shared/simulated.js';
import { App } from '../../../examples/zustand/app.js';
import { createRemoteStore } from '../../../examples/zustand/store.js';

/** @returns The app as a server sends it. */
export function renderOnServer(): string {
  const remote = createSimulatedRemote();
  const { store, end } = createRemoteStore(remote);
  const html = renderToString(<App store={store} pinPad={remote.pinPad} />);
  end();
  remote.strongAuth.dispose();
  return html;
}
