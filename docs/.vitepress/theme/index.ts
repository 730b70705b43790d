import { withBase } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { h } from 'vue';
import { playgroundUrl } from '../story-url.js';
import './site.css';

/** The story that the home page opens: it sends nothing before somebody asks for its first step. */
const STORY = 'all-at-once';

/** The playground below the words of the home page. On narrow screens a link to it: a page within a page is hard to scroll there. */
const hero = () =>
  h('div', { class: 'home-playground' }, [
    h('iframe', {
      src: withBase(playgroundUrl(STORY)),
      title: 'The playground: a simulated car, the real machine, and every call of the app',
      loading: 'lazy',
    }),
    h('p', [
      h(
        'a',
        { href: withBase(playgroundUrl(STORY)), target: '_self' },
        'The playground on a page of its own',
      ),
      ' · ',
      h(
        'a',
        { href: withBase('/inspector/index.html'), target: '_self' },
        'The inspector, with a recorded session',
      ),
    ]),
  ]);

export default {
  ...DefaultTheme,
  Layout: () => h(DefaultTheme.Layout, null, { 'home-hero-after': hero }),
};
