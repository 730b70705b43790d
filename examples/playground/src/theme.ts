import { byId } from './view/dom.js';

const KEY = 'strong-auth-playground.theme';

type Theme = 'light' | 'dark';

/**
 * Lets the visitor choose the colours, and remembers it. `auto` is what a page of the same origin that this one is embedded in says
 * with a message `{ theme: 'dark' }`, and else what the system prefers.
 *
 * @param onChange Called when they have changed.
 */
export function bindTheme(onChange: () => void): void {
  const choices = [...byId('theme', HTMLFieldSetElement).querySelectorAll('input')];
  let chosen = remembered() ?? 'auto';
  let around: Theme | undefined;
  const apply = (theme: string) => {
    chosen = theme;
    const used = theme === 'auto' ? around : theme;
    if (used === undefined) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = used;
    for (const choice of choices) choice.checked = choice.value === theme;
    onChange();
  };
  window.addEventListener('message', ({ data, origin, source }) => {
    if (origin !== location.origin || source !== window.parent || window.parent === window) return;
    const { theme } = (data ?? {}) as { theme?: unknown };
    if (!isTheme(theme)) return;
    around = theme;
    apply(chosen);
  });
  for (const choice of choices) {
    choice.addEventListener('change', () => {
      remember(choice.value);
      apply(choice.value);
    });
  }
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  apply(chosen);
}

const isTheme = (value: unknown): value is Theme => value === 'light' || value === 'dark';

/** A browser may refuse storage: then nothing is remembered. */
function remembered(): string | undefined {
  try {
    const theme = localStorage.getItem(KEY);
    return isTheme(theme) ? theme : undefined;
  } catch {
    return undefined;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Not remembered.
  }
}
