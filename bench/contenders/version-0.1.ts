import { pathToFileURL } from 'node:url';
import { buildCommit } from '../builds.js';
import type { Contender } from '../contender.js';
import { contenderOf } from './strong-auth-machine.js';

/** The last commit of version 0.1, which was never published: the bench builds it from the history. */
const COMMIT_OF_0_1 = '90b3c2ad263a2bd0d23a4c207ab7a0a12e53b39b';

async function load(): Promise<Contender | undefined> {
  const folder = await buildCommit(COMMIT_OF_0_1);
  if (!folder) return undefined;
  const { createStrongAuth } = await import(pathToFileURL(`${folder}/index.js`).href);
  return contenderOf('version 0.1', createStrongAuth);
}

/** The package as it was in its first version. Undefined where the history does not have it. */
export const version01 = await load();

/** Why it is left out, if it is. */
export const withoutVersion01 = version01
  ? undefined
  : `Not compared with version 0.1: its commit ${COMMIT_OF_0_1.slice(0, 7)} is not in this copy of the repository. \`git fetch --unshallow\` brings it to a shallow clone.`;
