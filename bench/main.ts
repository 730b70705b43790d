import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
// The built package, as it is installed: what is measured is what is published.
import { createStrongAuth } from '../dist/index.js';
import { createHandWritten, type Message } from './hand-written.js';
import { compare, concurrent, heapInUse, type Spread, sequential, spreadOf } from './measure.js';

const OK: Message = { status: 'SUCCEEDED', result: { done: true } };
const CHALLENGE: Message = { status: 'FAILED', error: { code: 2302 } };
const API = 'pims.vehicle.informations';
const PARAMETERS = { action: 'get' } as const;
const request = () => ({ verb: 'get' as const, api: API, parameters: PARAMETERS });

const ready = { send: () => Promise.resolve(OK) };
const never = { send: () => new Promise<Message>(() => {}) };
/** Challenges until an OTP was requested. */
function stepUp() {
  let isStrong = false;
  return {
    send({ api }: { api: string }) {
      if (api !== API) isStrong = true;
      return Promise.resolve(isStrong ? OK : CHALLENGE);
    },
  };
}
const enterPin = () => Promise.resolve('1234');
const policy = { maxWaiting: Number.POSITIVE_INFINITY };
const wrap = (transport: { send: (request: never) => Promise<Message> }) =>
  createStrongAuth({ transport: transport as never, enterPin, policy });

const rows: string[][] = [];
const us = ({ median, min, max }: Spread) =>
  `${median.toFixed(2)} µs (${min.toFixed(2)} – ${max.toFixed(2)})`;
const ratio = (a: Spread, b: Spread) => `${(a.median / b.median).toFixed(1)}×`;

async function happyPath(
  name: string,
  run: (call: () => Promise<unknown>) => Promise<number>,
): Promise<void> {
  const ours = wrap(ready);
  const byHand = createHandWritten(ready.send, enterPin);
  const { bare, hand, machine } = await compare(
    {
      bare: () => run(() => ready.send()),
      hand: () => run(() => byHand.get(API, PARAMETERS)),
      machine: () => run(() => ours.get(API, PARAMETERS)),
    },
    9,
  );
  ours.dispose();
  const over = (machine.median - bare.median).toFixed(2);
  rows.push([
    name,
    us(bare),
    us(hand),
    us(machine),
    ratio(machine, hand),
    `${over} µs over the bare transport`,
  ]);
}

async function wave(calls: number, rounds: number): Promise<void> {
  const { hand, machine } = await compare(
    {
      hand: () => {
        const byHand = createHandWritten(stepUp().send as never, enterPin);
        return concurrent(calls, () => byHand.get(API, PARAMETERS));
      },
      machine: () => {
        const ours = wrap(stepUp());
        return concurrent(calls, () => ours.get(API, PARAMETERS));
      },
    },
    rounds,
  );
  rows.push([`one wave, ${calls} waiting`, '–', us(hand), us(machine), ratio(machine, hand), 'per call']);
}

function heapPerPending(calls: number): void {
  const pending = (call: () => Promise<unknown>): number => {
    const before = heapInUse();
    const kept = Array.from({ length: calls }, call);
    const bytes = (heapInUse() - before) / calls;
    return kept.length === calls ? bytes : Number.NaN;
  };
  const ours = wrap(never);
  const byHand = createHandWritten(never.send, enterPin);
  const [bare, hand, machine] = [
    pending(() => never.send()),
    pending(() => byHand.get(API, { ...PARAMETERS })),
    pending(() => ours.get(API, { ...PARAMETERS })),
  ];
  rows.push([
    'heap per pending call',
    `${bare.toFixed(0)} B`,
    `${hand.toFixed(0)} B`,
    `${machine.toFixed(0)} B`,
    `${(machine / hand).toFixed(1)}×`,
    `${calls} pending, signal not read`,
  ]);
}

async function heapAfter(calls: number): Promise<void> {
  const ours = wrap(ready);
  await sequential(10_000, () => ours.get(API, PARAMETERS));
  const before = heapInUse();
  await sequential(calls, () => ours.get(API, PARAMETERS));
  const grown = (heapInUse() - before) / 1024;
  rows.push([`heap grown after ${calls} calls`, '–', '–', `${grown.toFixed(0)} kB`, '–', '']);
}

function importTime(): void {
  const script = 'const t=performance.now();await import(process.argv[1]);console.log(performance.now()-t)';
  const entry = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  const times = Array.from({ length: 9 }, () =>
    Number(
      spawnSync(process.execPath, ['--input-type=module', '-e', script, entry], { encoding: 'utf8' }).stdout,
    ),
  );
  const { median, min, max } = spreadOf(times);
  rows.push([
    'import of the entry, with xstate',
    '–',
    '–',
    `${median.toFixed(1)} ms (${min.toFixed(1)} – ${max.toFixed(1)})`,
    '–',
    'fresh processes',
  ]);
}

function table(): string {
  const head = ['', 'bare transport', 'written by hand', 'strong-auth-machine', 'to by hand', ''];
  const lines = [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
  return lines.join('\n');
}

/** One request made up front, so that its shape is known to the compiler before anything is measured. */
void request();
await happyPath('happy path, one after another', (call) => sequential(20_000, call));
await happyPath('happy path, 10,000 in flight', (call) => concurrent(10_000, call));
for (const [calls, rounds] of [
  [1, 51],
  [100, 31],
  [10_000, 7],
  [100_000, 3],
] as const)
  await wave(calls, rounds);
heapPerPending(20_000);
await heapAfter(1_000_000);
importTime();

const host = `Node ${process.version}, ${cpus()[0]?.model.trim()}, medians of interleaved rounds with least and most`;
console.log(`${table()}\n\n${host}`);
const target = process.argv.indexOf('--markdown');
if (target > 0) {
  const file = process.argv[target + 1];
  if (!file) throw new Error('--markdown takes a file');
  writeFileSync(file, `# Performance\n\nWritten by \`npm run bench\`. ${host}.\n\n${table()}\n`);
}
process.exit(0); // the calls that are never answered would keep their time-outs
