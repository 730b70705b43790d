/** Records what is written to the console, and unhandled rejections, until it is stopped. */
export interface HostWatch {
  /** The arguments of each console call. */
  readonly lines: readonly (readonly unknown[])[];
  /** Reasons of unhandled rejections. */
  readonly unhandled: readonly unknown[];
  stop(): void;
}

/** Optional parts of hosts. Each is used only where it exists. */
interface Host {
  readonly console?: Record<string, unknown>;
  readonly process?: {
    on?(event: 'unhandledRejection', listener: (reason: unknown) => void): void;
    off?(event: 'unhandledRejection', listener: (reason: unknown) => void): void;
  };
  addEventListener?(type: 'unhandledrejection', listener: (event: { reason: unknown }) => void): void;
  removeEventListener?(type: 'unhandledrejection', listener: (event: { reason: unknown }) => void): void;
}

const isNode = ({ process }: Host): boolean =>
  typeof process?.on === 'function' && typeof process.off === 'function';

/** @returns Whether this host reports unhandled rejections. The engine of React Native does not. */
export function seesRejections(): boolean {
  const host = globalThis as unknown as Host;
  return isNode(host) || typeof host.addEventListener === 'function';
}

/**
 * Watches without side effects: console lines are still printed, and the host
 * still reports unhandled rejections.
 *
 * @param unhandled Receives the reasons of unhandled rejections, after those of earlier watches.
 */
export function watchHost(unhandled: unknown[]): HostWatch {
  const host = globalThis as unknown as Host;
  const lines: (readonly unknown[])[] = [];
  const restoreConsole = watchConsole(host.console ?? {}, lines);
  const note = (reason: unknown) => void unhandled.push(reason);
  const stopRejections = isNode(host) ? onNode(host, note) : inBrowser(host, note);
  return {
    lines,
    unhandled,
    stop() {
      restoreConsole();
      stopRejections();
    },
  };
}

function watchConsole(console: Record<string, unknown>, lines: (readonly unknown[])[]): () => void {
  const originals = Object.entries(console).filter(([, method]) => typeof method === 'function');
  for (const [name, method] of originals) {
    console[name] = (...line: unknown[]) => {
      lines.push(line);
      return (method as (...line: unknown[]) => unknown).apply(console, line);
    };
  }
  return () => {
    for (const [name, method] of originals) console[name] = method;
  };
}

function onNode({ process }: Host, note: (reason: unknown) => void): () => void {
  process?.on?.('unhandledRejection', note);
  return () => process?.off?.('unhandledRejection', note);
}

function inBrowser(host: Host, note: (reason: unknown) => void): () => void {
  const listener = ({ reason }: { reason: unknown }) => note(reason);
  host.addEventListener?.('unhandledrejection', listener);
  return () => host.removeEventListener?.('unhandledrejection', listener);
}
