import './host';
import { checks } from './checks';
import { checkThatEntriesLoad } from './entries';
import { checkThatMissingGlobalsAreNamed } from './missing';
import { story } from './story';

/* Runs on the packed package, in every engine: the README's story, then the checks. Says what failed, and last how many passed. */

async function run(): Promise<void> {
  await story();
  checkThatEntriesLoad();
  checkThatMissingGlobalsAreNamed();
  let passed = 0;
  for (const [title, check] of Object.entries(checks)) {
    try {
      await check();
      passed += 1;
    } catch (error) {
      console.log(`failed: ${title}: ${describe(error)}`);
    }
  }
  console.log(`${passed} of ${Object.keys(checks).length} checks`);
}

/** Not every engine has the message in the stack. */
function describe(error: unknown): string {
  return error instanceof Error ? `${error}\n${error.stack}` : String(error);
}

run()
  .catch((error) => console.log(`failed: ${describe(error)}`))
  .then(() => (globalThis as { finished?: () => void }).finished?.());
