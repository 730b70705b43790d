import { createSimulatedRemote } from '../shared/simulated.js';
import { mount } from './app.js';

mount(document.querySelector('main') as HTMLElement, createSimulatedRemote());
