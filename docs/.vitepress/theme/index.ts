import { useData, withBase } from 'vitepress';
import DefaultTheme from 'vitepress/theme';
import { defineComponent, h, shallowRef, watch } from 'vue';
import { playgroundUrl } from '../story-url.js';
import './site.css';

/** The story that the home page opens: it sends nothing before somebody asks for its first step. */
const STORY = 'all-at-once';

/** The playground on the home page, in the colours of the site. */
const Playground = defineComponent(() => {
  const { isDark } = useData();
  const frame = shallowRef<HTMLIFrameElement>();
  const tellTheme = () =>
    frame.value?.contentWindow?.postMessage({ theme: isDark.value ? 'dark' : 'light' }, location.origin);
  watch(isDark, tellTheme);
  return () =>
    h('iframe', {
      ref: frame,
      src: withBase(playgroundUrl(STORY)),
      title: 'The playground: a simulated car, the real machine, and every call of the app',
      loading: 'lazy',
      onLoad: tellTheme,
    });
});

/** The playground below the words of the home page. On narrow screens a link to it: a page within a page is hard to scroll there. */
const hero = () =>
  h('div', { class: 'home-playground' }, [
    h(Playground),
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
