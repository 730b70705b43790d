import { describeLayer } from './support/layer.js';

const app = 'test/adapters/redux/app.ts';

describeLayer({ name: 'Redux Toolkit 2, React 19', app });
describeLayer({
  name: 'Redux Toolkit 1.9, React 18.0',
  app,
  aliases: { '@reduxjs/toolkit': 'reduxjs-toolkit-1', react: 'react-18', 'react-dom': 'react-dom-18' },
});
