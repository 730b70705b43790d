import { parseArgs } from 'node:util';

/** The port, unless another one is given. */
export const DEFAULT_PORT = 4646;

export const USAGE = `Usage: strong-auth-machine inspect [--port <number>] [--open]

Shows the XState v5 machines of your app, live, in a page on this machine.

  --port <number>  the port on 127.0.0.1, ${DEFAULT_PORT} unless given; 0 is any free port
  --open           opens the page in your browser
  -h, --help       prints this text
`;

/** What the command line asks for. */
export type Asked =
  | { readonly command: 'help' }
  | { readonly command: 'inspect'; readonly port: number; readonly isToOpen: boolean }
  | { readonly command: 'unknown'; readonly reason: string };

/** @returns What the arguments after the name of the program ask for. */
export function readArguments(given: readonly string[]): Asked {
  try {
    const { values, positionals } = parseArgs({
      args: [...given],
      allowPositionals: true,
      options: {
        port: { type: 'string' },
        open: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    if (values.help) return { command: 'help' };
    const [command, ...others] = positionals;
    if (command === undefined) return { command: 'unknown', reason: 'No command given.' };
    if (command !== 'inspect') return { command: 'unknown', reason: `Unknown command '${command}'.` };
    if (others.length > 0) return { command: 'unknown', reason: `Unexpected argument '${others[0]}'.` };
    const port = values.port ?? String(DEFAULT_PORT);
    if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
      return { command: 'unknown', reason: `'${port}' is not a port: give a number from 0 to 65535.` };
    return { command: 'inspect', port: Number(port), isToOpen: values.open ?? false };
  } catch (error) {
    // Of an unknown option, parseArgs says so.
    return { command: 'unknown', reason: (error as Error).message };
  }
}
