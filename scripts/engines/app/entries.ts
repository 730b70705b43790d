/* Every entry that needs no framework has to load in the engine. */
import * as core from 'strong-auth-machine';
import * as stepUp from 'strong-auth-machine/fetch';
import * as inspect from 'strong-auth-machine/inspect';
import * as machine from 'strong-auth-machine/machine';
import * as pims from 'strong-auth-machine/pims';
import * as recovery from 'strong-auth-machine/recovery';
import * as simulator from 'strong-auth-machine/simulator';
import * as testing from 'strong-auth-machine/testing';
import * as xstate from 'strong-auth-machine/xstate';

const entries = { core, stepUp, inspect, machine, pims, recovery, simulator, testing, xstate };

/** @throws Error unless each entry has exports. */
export function checkThatEntriesLoad(): void {
  for (const [name, entry] of Object.entries(entries))
    if (Object.keys(entry).length === 0) throw new Error(`the entry ${name} is empty`);
}
