// An app that has installed the package: what scripts/compatibility.ts runs on each Node and XState.
import { createRequire } from 'node:module';
import { createStrongAuth, fromPims } from 'strong-auth-machine';
import { createSimulator } from 'strong-auth-machine/simulator';
import { createScriptedDriver, strongAuthPaths, walkPath } from 'strong-auth-machine/testing';

const require = createRequire(import.meta.url);

async function locksTheDoors(api) {
  const pims = createSimulator({ pin: '0042' });
  const strongAuth = api.createStrongAuth({ transport: api.fromPims(pims), enterPin: async () => '0042' });
  await strongAuth.set('pims.vehicle.command', { action: 'doors', doorState: 'lock' });
  if (!pims.car.isLocked || pims.effects.otpsGranted !== 1) throw new Error('the doors are not locked');
}

await locksTheDoors({ createStrongAuth, fromPims });
await locksTheDoors(require('strong-auth-machine'));

const paths = strongAuthPaths();
for (const path of paths) await walkPath(path, createScriptedDriver(path.world));
console.log(`${paths.length} paths`);
