import { vi } from 'vitest';
import { describeRedux } from './redux/behaviour.js';

vi.mock('@reduxjs/toolkit', () => import('reduxjs-toolkit-1'));
vi.mock('@reduxjs/toolkit/query', () => import('reduxjs-toolkit-1/query'));

describeRedux('Redux Toolkit 1.9');
