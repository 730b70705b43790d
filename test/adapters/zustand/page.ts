import { offer } from '../support/own-page.js';
import { checks, hydrate } from './checks.js';

offer({ checks, hydrate });
