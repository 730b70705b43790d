import vue from '@vitejs/plugin-vue';
import * as compiler from 'vue-3.3/compiler-sfc';
import { describeLayer } from './support/layer.js';

describeLayer({ name: 'Vue 3.5', app: 'examples/vue/app.ts', plugins: [vue()] });
describeLayer({
  name: 'Vue 3.3',
  app: 'examples/vue/app.ts',
  aliases: { vue: 'vue-3.3' },
  plugins: [vue({ compiler: compiler as never })],
});
