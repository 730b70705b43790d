import {
  createCoverage,
  createScriptedDriver,
  exploreWorld,
  strongAuthPaths,
  walkPath,
} from 'strong-auth-machine/testing';
import { worlds } from '../test/model/worlds.js';

/** `npm run coverage:model`: which paths there are, and how often each edge of the chart is walked by them. */
const coverage = createCoverage();
let isComplete = true;
for (const [name, world] of Object.entries(worlds)) {
  const graph = exploreWorld(world);
  const paths = strongAuthPaths(world, graph);
  let assertions = 0;
  for (const path of paths) {
    const driver = createScriptedDriver(world, { options: { inspect: coverage.inspect } });
    try {
      assertions += (await walkPath(path, driver)).assertions;
    } catch (error) {
      isComplete = false;
      console.error((error as Error).message);
    }
  }
  console.log(
    `${name}: ${graph.states} states, ${graph.edges} edges, ${paths.length} paths, ${assertions} comparisons`,
  );
}
console.log(`\n${coverage.report()}`);
/** No generated path reaches it: it takes host code that runs in the middle of a transition. test/model/paths.test.ts walks it. */
const BY_HAND = /wave · waiters\.gone/;
const missing = coverage.missing().filter((name) => !BY_HAND.test(name));
if (missing.length > 0) console.error(`\nNot walked:\n  ${missing.join('\n  ')}`);
process.exitCode = isComplete && missing.length === 0 ? 0 : 1;
