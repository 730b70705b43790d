// First, since Redux Toolkit 1.9 looks for the devtools when it is loaded.

import { offer } from '../support/own-page.js';
import { devtoolsOfLastStore, ignoreSlowChecks } from './browser.js';
import { createChecks, hydrate } from './checks.js';

ignoreSlowChecks();
offer({ checks: createChecks(devtoolsOfLastStore), hydrate });
