import type { Token } from 'markdown-it';
import type { MarkdownRenderer } from 'vitepress';
import { defineConfig } from 'vitepress';
import { destinationOf, destinationOfName, originOf } from '../../scripts/docs/links.js';
import { slugify } from '../../scripts/docs/markdown.js';
import { sidebar } from './sidebar.js';

/** The path below which the site is served; what is built is made independent of it. */
const base = process.env.SITE_BASE ?? '/';

/** What a page only names, since it is not in the package, can be read on the site. */
function linked(token: Token, Made: typeof Token): Token[] {
  const destination = token.type === 'code_inline' ? destinationOfName(token.content) : undefined;
  if (!destination) return [token];
  const [open, close] = [new Made('link_open', 'a', 1), new Made('link_close', 'a', -1)];
  open.attrSet('href', destination.url);
  return [open, token, close];
}

/** Lets code be broken after a slash, a dot or a hyphen between its names, and nowhere within one; an ending such as `.ts` stays. */
function breakCodeBetweenNames(md: MarkdownRenderer): void {
  const render = md.renderer.rules.code_inline;
  md.renderer.rules.code_inline = (...given) =>
    (render?.(...given) ?? '').replaceAll(/(?<=\w)(?:[/-]|\.(?!\w{1,4}<))(?=\w)(?![^<]*>)/g, '$&<wbr>');
}

/** The corner of a table above its row names heads nothing: for a screen reader it is a cell. */
function emptyHeadersAreCells(md: MarkdownRenderer): void {
  md.core.ruler.push('empty-headers', ({ tokens }) => {
    tokens.forEach((token, index) => {
      const [inside, close] = tokens.slice(index + 1);
      if (token.type === 'th_open' && inside?.content === '' && close) token.tag = close.tag = 'td';
    });
  });
}

/** Pages are written for the repository; on the site what they link to stands elsewhere. */
function linkAsOnSite(md: MarkdownRenderer): void {
  md.core.ruler.push('links', ({ tokens, env, Token }) => {
    const origin = originOf((env as { relativePath?: string }).relativePath ?? '');
    for (const token of tokens) {
      if (token.children) token.children = token.children.flatMap((child) => linked(child, Token));
    }
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const attribute = token.type === 'image' ? 'src' : 'href';
      const destination = destinationOf(origin, token.attrGet(attribute) ?? '');
      if (!destination) continue;
      token.attrSet(attribute, destination.url);
      // What is no page of VitePress is opened by the browser. VitePress leaves such links as they are.
      if (attribute === 'href' && destination.shownAs !== 'page' && destination.shownAs !== 'source') {
        token.attrSet(attribute, base + destination.url.slice(1));
        token.attrSet('target', destination.shownAs === 'file' ? '_blank' : '_self');
      }
    }
  });
}

export default defineConfig({
  title: 'strong-auth-machine',
  description: 'Strong authentication for vehicle SDK calls, as one explicit state machine.',
  lang: 'en',
  base,
  cleanUrls: false,
  // VitePress has no main landmark on its home page.
  transformHtml: (html, _id, { pageData }) =>
    pageData.frontmatter.layout === 'home' ? html.replace('id="VPContent"', '$& role="main"') : html,
  lastUpdated: false,
  head: [
    [
      'link',
      {
        rel: 'icon',
        href: 'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 viewBox=%220 0 16 16%22%3E%3Crect x=%222%22 y=%224%22 width=%2212%22 height=%228%22 rx=%222%22 fill=%22%231f6f78%22/%3E%3C/svg%3E',
      },
    ],
  ],
  markdown: {
    anchor: { slugify },
    config(md) {
      linkAsOnSite(md);
      breakCodeBetweenNames(md);
      emptyHeadersAreCells(md);
    },
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    search: {
      provider: 'local',
      options: {
        // Most pages are sources, which are not searched: to render them for nothing takes half a minute.
        _render: (text, env, md) => (/^---\nsearch: false\n/.test(text) ? '' : md.render(text, env)),
        // What was written to be read comes before what was made of docstrings.
        miniSearch: {
          searchOptions: { boostDocument: (page: string) => (page.includes('/api/') ? 0.4 : 1) },
        },
      },
    },
    nav: [
      { text: 'Quick start', link: '/guides/quick-start.md' },
      { text: 'Lifecycle', link: '/lifecycle.md' },
      { text: 'Guides', link: '/guides/errors.md', activeMatch: '^/guides/(?!quick-start)' },
      { text: 'API', link: '/api/', activeMatch: '^/api/' },
      { text: 'Playground', link: '/playground/index.html', target: '_self' },
      { text: 'Inspector', link: '/inspector/index.html', target: '_self' },
    ],
    sidebar: sidebar(),
    outline: { level: [2, 3] },
    docFooter: { prev: 'Before', next: 'Next' },
    footer: { message: 'MIT licence. Not affiliated with the maker of the SDK.' },
  },
});
