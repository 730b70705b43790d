import { writeSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { createManualClock, type ManualClock } from 'strong-auth-machine/simulator';

/** How an error came to the process. */
export type Surfacing = 'uncaughtException' | 'unhandledRejection' | 'printed';

/**
 * The process as a lifecycle finds it: its timers stand still until they are told to go, so that the same seed gives the same
 * lifecycle, and whatever is thrown at nobody is collected.
 */
export class Stage {
  /** The host's own timers and `performance.now()`. Real time does not pass. */
  timers: ManualClock = createManualClock();
  private onSurfaced: (how: Surfacing, error: unknown) => void = () => {};
  private readonly undo: (() => void)[] = [];
  private readonly watchdog = new Watchdog();

  constructor() {
    this.collect('uncaughtException');
    this.collect('unhandledRejection');
    this.replaceTimers();
    this.replaceConsole();
  }

  /** A lifecycle begins. What is thrown in a callback of `clock`, too, is thrown at nobody. */
  begin(seed: number, clock: ManualClock, onSurfaced: (how: Surfacing, error: unknown) => void): void {
    this.timers = createManualClock();
    this.onSurfaced = onSurfaced;
    this.watchdog.watch(seed);
    const { setTimeout: set } = clock;
    clock.setTimeout = (callback, ms) => set(this.caught(callback), ms);
  }

  /** Lets everything happen that waits for no timer: microtasks, and what surfaces after them. */
  async settle(): Promise<void> {
    this.watchdog.sign();
    await turn();
  }

  /** Gives the process back. */
  end(): void {
    for (const undo of this.undo) undo();
    this.watchdog.end();
  }

  private collect(how: 'uncaughtException' | 'unhandledRejection'): void {
    const others = process.listeners(how as 'uncaughtException');
    const collect = (error: unknown) => this.onSurfaced(how, error);
    process.removeAllListeners(how);
    process.on(how, collect);
    this.undo.push(() => {
      process.off(how, collect);
      for (const other of others) process.on(how as 'uncaughtException', other);
    });
  }

  /** XState's development build warns of what should not be. */
  private replaceConsole(): void {
    const { warn, error } = console;
    const print = (...words: unknown[]) => this.onSurfaced('printed', words.join(' '));
    Object.assign(console, { warn: print, error: print });
    this.undo.push(() => Object.assign(console, { warn, error }));
  }

  private caught(callback: () => void): () => void {
    return () => {
      try {
        callback();
      } catch (error) {
        this.onSurfaced('uncaughtException', error);
      }
    };
  }

  private replaceTimers(): void {
    const { setTimeout: set, clearTimeout: clear } = globalThis;
    const ofItsOwn = Object.getOwnPropertyDescriptor(performance, 'now');
    Object.assign(globalThis, {
      setTimeout: (callback: () => void, ms = 0) => this.timers.setTimeout(this.caught(callback), ms),
      clearTimeout: (id: unknown) => this.timers.clearTimeout(id),
    });
    Object.defineProperty(performance, 'now', { value: () => this.timers.monotonic(), configurable: true });
    this.undo.push(() => {
      Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
      if (ofItsOwn) Object.defineProperty(performance, 'now', ofItsOwn);
      else Reflect.deleteProperty(performance, 'now');
    });
  }
}

const { setImmediate: immediately } = globalThis;
const turn = () => new Promise<void>((resolve) => immediately(() => resolve()));

/** How long nothing may happen in a lifecycle, in real milliseconds. */
const STUCK_MS = 60_000;

/** Ends the process, and names the seed, if a lifecycle loops: nothing inside the loop could. */
class Watchdog {
  private readonly shared = new Int32Array(new SharedArrayBuffer(8));
  private readonly worker = new Worker(
    `const { workerData: { shared, stuckMs } } = require('node:worker_threads');
     let last = -1;
     setInterval(() => {
       if (shared[1] !== last) { last = shared[1]; return; }
       require('node:fs').writeSync(2, \`The lifecycle of SEED=\${shared[0]} loops: the process ends here.\\n\`);
       process.kill(process.pid, 'SIGKILL');
     }, stuckMs);`,
    { eval: true, workerData: { shared: this.shared, stuckMs: STUCK_MS } },
  );

  constructor() {
    this.worker.unref();
    this.worker.on('error', (error) => writeSync(2, `The watchdog has died: ${error}\n`));
  }

  watch(seed: number): void {
    this.shared[0] = seed;
    this.sign();
  }

  /** Something happens. */
  sign(): void {
    this.shared[1] = (this.shared[1] as number) + 1;
  }

  end(): void {
    void this.worker.terminate();
  }
}
