import './support/xstate-adapter.js';
