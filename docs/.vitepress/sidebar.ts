import { existsSync } from 'node:fs';
import { join, posix } from 'node:path';
import type { DefaultTheme } from 'vitepress';
import { PROJECT_PAGES } from '../../scripts/docs/links.js';
import { markdownFiles, root, titleOf } from '../../scripts/docs/markdown.js';
import { entries } from '../../tsup.config.js';

type Item = DefaultTheme.SidebarItem;

/** The pages of each part, in the order a reader wants them. Whatever else there is stands behind them, by its first heading. */
const PARTS: readonly { readonly text: string; readonly first: readonly string[]; readonly holds: RegExp }[] =
  [
    {
      text: 'Start',
      first: ['guides/quick-start.md', 'lifecycle.md', 'guides/migrating.md'],
      holds: /^(guides\/(quick-start|migrating)|lifecycle)\.md$/,
    },
    {
      text: 'Guides',
      first: [
        'guides/errors.md',
        'guides/policies.md',
        'guides/other-back-ends.md',
        'guides/step-up-with-oauth.md',
        'guides/telemetry.md',
        'guides/restart.md',
      ],
      holds: /^guides\/(?!index|react|redux|zustand|vue|svelte|xstate|rxjs|tanstack|pinia|angular)/,
    },
    {
      text: 'State layers',
      first: ['state-layers.md', 'guides/react.md', 'guides/redux.md', 'guides/zustand.md', 'guides/vue.md'],
      holds: /^(guides\/|state-layers)(?!index)/,
    },
    {
      text: 'How it is made',
      first: ['architecture.md', 'threat-model.md', 'liveness.md', 'reliability.md', 'performance.md'],
      holds: /^[^/]+\.md$/,
    },
  ];

/** @returns Every page, in its part: a new file appears by itself. */
export function sidebar(): Item[] {
  const pages = markdownFiles('docs')
    .map((path) => path.slice('docs/'.length))
    .filter((page) => page !== 'index.md' && page !== 'guides/index.md');
  const parts = PARTS.map(({ text, first, holds }, place) => {
    const own = pages.filter(
      (page) => holds.test(page) && !PARTS.slice(0, place).some((earlier) => earlier.holds.test(page)),
    );
    const rank = (page: string) => (first.includes(page) ? first.indexOf(page) : first.length);
    return {
      text,
      items: own.sort((a, b) => rank(a) - rank(b)).map((page) => item(page, posix.join('docs', page))),
    };
  });
  return [
    ...parts,
    { text: 'API reference', collapsed: true, items: apiItems() },
    { text: 'Project', items: projectItems() },
  ];
}

const item = (page: string, path: string): Item => ({ text: titleOf(path), link: `/${page}` });

function projectItems(): Item[] {
  return Object.entries(PROJECT_PAGES)
    .filter(([path]) => existsSync(join(root, path)))
    .map(([path, page]) => ({ text: path === 'README.md' ? 'README' : titleOf(path), link: `/${page}` }));
}

/** One page for each entry. */
function apiItems(): Item[] {
  const entryOf = (name: string) => (name === 'index' ? 'strong-auth-machine' : name);
  return Object.keys(entries)
    .map(entryOf)
    .filter((name) => existsSync(join(root, `docs/api/${name}.md`)))
    .map((name, place) => ({ text: place === 0 ? name : `…/${name}`, link: `/api/${name}.md` }));
}
