import { join } from 'node:path';
import { writeApi } from './docs/api.js';
import { root } from './docs/markdown.js';
import { removeStubs, writeStubs } from './stubs.js';

/* What is published and not committed: `npm pack` and `npm publish` run this before, and `npm run postpack` after. */
if (process.argv[2] === 'after') removeStubs();
else {
  removeStubs(); // of a pack that was interrupted
  await writeApi(join(root, 'docs/api'));
  writeStubs();
}
