import { expect, test } from 'vitest';
import { codeBlocks, markdownFiles } from '../../scripts/docs/markdown.js';

/* What the dialogs in the guides must show. Those of the examples are driven on a page: test/adapters/support/checks.ts. */

/** Every block that shows a dialog: it says how many attempts are left. */
const dialogs = markdownFiles()
  .filter((path) => path.startsWith('docs/guides/'))
  .flatMap((path) => codeBlocks(path))
  .filter(({ code }) => code.includes('attemptsLeft') && /[sS]ubmit/.test(code))
  .map(({ path, line, code }) => ({ where: `${path}:${line}`, code }));

/** What the guides of the layers that have components say of a call. */
test.each(['react', 'vue', 'svelte', 'redux'])(
  'the guide to %s disables a button while its call is pending, and says what helps',
  (guide) => {
    const calls = codeBlocks(`docs/guides/${guide}.md`).filter(({ code }) =>
      /<button[^>]*disabled=/.test(code),
    );
    expect(calls.length).toBeGreaterThan(0);
    for (const { code } of calls.slice(0, 1)) {
      expect(code).toMatch(/disabled="?\{?(\$\w+\.)?(isPending|isLoading)/);
      expect(code).toMatch(/remedy/);
      expect(code).toMatch(/checkState/);
    }
  },
);

test('the guides show dialogs', () => {
  const guides = new Set(dialogs.map(({ where }) => where.replace(/^.*\/|\.md.*$/g, '')));
  for (const guide of ['quick-start', 'react', 'vue', 'svelte', 'redux', 'zustand', 'xstate', 'rxjs-angular'])
    expect(guides).toContain(guide);
});

test.each(dialogs)(
  '29. $where says that a PIN was malformed, or rejected, or is being checked',
  ({ code }) => {
    expect(code).toMatch(/pinMalformed/);
    expect(code).toMatch(/pinRejected/);
    expect(code).toMatch(/Checking the PIN/);
  },
);

test.each(dialogs)('22. $where keeps the dialog until the PIN is judged', ({ code }) => {
  expect(code).toMatch(/phase (===|!==) 'closed'/);
});

test.each(dialogs)('24. $where binds its answers to the prompt that it shows', ({ code }) => {
  // Without a prompt an answer of the pad itself is for whichever is asked by then.
  expect(code).not.toMatch(/pinPad\.submit\([^,)]*\)|pinPad\.cancel\(\)|=\{pinPad\.(submit|cancel)\}/);
});
