import { renderToString } from 'react-dom/server.browser';
import { Provider } from 'react-redux';
import { App } from '../../../examples/redux/app.js';
import { createStore } from '../../../examples/redux/store.js';
import { createSimulatedRemote } from '../../../examples/shared/simulated.js';

/** @returns The app as a server sends it. */
export function renderOnServer(): string {
  const remote = createSimulatedRemote();
  const html = renderToString(
    <Provider store={createStore(remote)}>
      <App pinPad={remote.pinPad} />
    </Provider>,
  );
  remote.strongAuth.dispose();
  return html;
}
