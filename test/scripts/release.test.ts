import { describe, expect, test } from 'vitest';
import { checkRelease, dateChangelog } from '../../scripts/release.js';

const changelog =
  '# Changelog\n\n## Unreleased\n\n### Added\n\n- A thing.\n\n## 0.1.0 - 2026-01-02\n\n- The first.\n';

describe('a release', () => {
  test('puts what is unreleased under its version and day, and leaves room for what comes next', () => {
    expect(dateChangelog(changelog, '0.2.0', '2026-03-04')).toBe(
      changelog.replace('## Unreleased\n', '## Unreleased\n\n## 0.2.0 - 2026-03-04\n'),
    );
  });

  test('is not made of nothing', () => {
    const empty = changelog.replace('- A thing.\n', '');
    expect(() => dateChangelog(empty, '0.2.0', '2026-03-04')).toThrow('nothing unreleased');
  });

  test('is published only if tag, version and changelog agree, and its repository is known', () => {
    const manifest = { version: '0.1.0', repository: 'github:somebody/something' };
    expect(() => checkRelease('v0.1.0', manifest, changelog)).not.toThrow();
    expect(() => checkRelease('v0.2.0', manifest, changelog)).toThrow("'v0.2.0'");
    expect(() => checkRelease('v0.2.0', { ...manifest, version: '0.2.0' }, changelog)).toThrow('no 0.2.0');
    expect(() => checkRelease('v0.1.0', { version: '0.1.0' }, changelog)).toThrow('repository');
  });
});
