import { spawn } from 'node:child_process';

/** Opens an address in the browser of whoever is at this machine. @param onFailure Called if there is no way to. */
export function openInBrowser(url: string, onFailure: () => void): void {
  const [command, ...given]: readonly [string, ...string[]] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  const opener = spawn(command, given, { detached: true, stdio: 'ignore' });
  opener.on('error', onFailure);
  opener.unref();
}
