import { byId } from './view/dom.js';

const KEY = 'strong-auth-playground.theme';

/** Lets the visitor choose the colours, and remembers it. @param onChange Called when they have changed. */
export function bindTheme(onChange: () => void): void {
  const choices = [...byId('theme', HTMLFieldSetElement).querySelectorAll('input')];
  const apply = (theme: string) => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    for (const choice of choices) choice.checked = choice.value === theme;
    onChange();
  };
  for (const choice of choices) {
    choice.addEventListener('change', () => {
      remember(choice.value);
      apply(choice.value);
    });
  }
  window.matchMedia('(prefers-color-scheme: dark)').addEventListener('change', onChange);
  apply(remembered() ?? 'auto');
}

/** A browser may refuse storage: then nothing is remembered. */
function remembered(): string | undefined {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : undefined;
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
