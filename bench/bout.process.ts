import { bareTransport, contenders } from './contenders.js';
import { roundOf } from './rounds.js';

/* A process of its own for one contender and one measurement: for each message it runs a round and sends what it measured. */

const [measurement = '', name] = process.argv.slice(2);
const contender = [...contenders, bareTransport].find((candidate) => candidate.name === name);
if (!contender || !process.send) throw new Error(`cannot measure ${name} here`);

const round = roundOf(JSON.parse(measurement), contender);
process.on('message', async () => process.send?.(await round()));
