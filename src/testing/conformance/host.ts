/** What is written to the console, and the rejections that nobody handles, while it watches. */
export interface HostWatch {
  /** The arguments of each console call. */
  readonly lines: readonly (readonly unknown[])[];
  /** Reasons of unhandled rejections. */
  readonly unhandled: readonly unknown[];
  /** Whether this host tells of unhandled rejections at all. React Native's engine does not. */
  readonly seesRejections: boolean;
  stop(): void;
}

/** The parts of hosts that are used if they are there; nothing here is needed. */
interface Host {
  readonly console?: Record<string, unknown>;
  readonly process?: {
    on?(event: 'unhandledRejection', listener: (reason: unknown) => void): void;
    off?(event: 'unhandledRejection', listener: (reason: unknown) => void): void;
  };
  addEventListener?(type: 'unhandledrejection', listener: (event: { reason: unknown }) => void): void;
  removeEventListener?(type: 'unhandledrejection', listener: (event: { reason: unknown }) => void): void;
}

/**
 * Watches without getting in the way: what is printed is printed, and what is unhandled stays the host's to report as well.
 *
 * @param unhandled Takes the reasons of unhandled rejections, after those of earlier watches.
 */
export function watchHost(unhandled: unknown[]): HostWatch {
  const host = globalThis as unknown as Host;
  const lines: (readonly unknown[])[] = [];
  const restoreConsole = watchConsole(host.console ?? {}, lines);
  const { process } = host;
  const note = (reason: unknown) => void unhandled.push(reason);
  const noteEvent = ({ reason }: { reason: unknown }) => note(reason);
  const isNode = typeof process?.on === 'function' && typeof process.off === 'function';
  const isBrowser = !isNode && typeof host.addEventListener === 'function';
  if (isNode) process.on?.('unhandledRejection', note);
  if (isBrowser) host.addEventListener?.('unhandledrejection', noteEvent);
  return {
    lines,
    unhandled,
    seesRejections: isNode || isBrowser,
    stop() {
      restoreConsole();
      if (isNode) process.off?.('unhandledRejection', note);
      if (isBrowser) host.removeEventListener?.('unhandledrejection', noteEvent);
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
