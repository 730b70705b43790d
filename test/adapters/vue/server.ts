import { renderToString } from 'vue/server-renderer';
import { createServerRenderedApp } from '../../../examples/vue/app.js';
import type { ServerSide } from '../support/hydration.js';

export const render: ServerSide['render'] = (remote) => renderToString(createServerRenderedApp(remote));
