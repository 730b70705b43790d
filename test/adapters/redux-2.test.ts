import { describeRedux } from './redux/behaviour.js';

describeRedux('Redux Toolkit 2');
