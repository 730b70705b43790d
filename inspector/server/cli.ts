#!/usr/bin/env node
import { fileURLToPath } from 'node:url';
import { readArguments, USAGE } from './arguments.js';
import { openInBrowser } from './open.js';
import { type InspectorServer, startInspector } from './server.js';

/** What is printed once the page is there. */
const greetingOf = ({ pageUrl, socketUrl, port }: InspectorServer): string => `
Inspector: ${pageUrl}

In an app in a browser, which opens the page itself:

  import { createBrowserInspector } from '@statelyai/inspect';
  import { createSafeInspector } from 'strong-auth-machine/inspect';

  inspect: createSafeInspector(createBrowserInspector({ url: '${pageUrl}' }))

In an app that sends through a socket, with the page open:

  import { createWebSocketInspector } from '@statelyai/inspect';

  inspect: createSafeInspector(createWebSocketInspector({ url: '${socketUrl}' }))

In React Native, without a further package:

  const unsent = [];
  const socket = new WebSocket('${socketUrl}');
  socket.onopen = () => unsent.splice(0).forEach((text) => socket.send(text));

  inspect: createSafeInspector((message) => {
    const text = JSON.stringify(message);
    if (socket.readyState === WebSocket.OPEN) socket.send(text);
    else if (socket.readyState === WebSocket.CONNECTING) unsent.push(text);
  })

An Android device or emulator reaches this machine after: adb reverse tcp:${port} tcp:${port}

The token is valid until you press Ctrl+C. This listens on 127.0.0.1 only.
`;

async function main(): Promise<void> {
  const asked = readArguments(process.argv.slice(2));
  if (asked.command === 'help') return void process.stdout.write(USAGE);
  if (asked.command === 'unknown') {
    process.stderr.write(`${asked.reason}\n\n${USAGE}`);
    process.exitCode = 2;
    return;
  }
  const directory = fileURLToPath(new URL('.', import.meta.url));
  try {
    const inspector = await startInspector({ directory, port: asked.port });
    const stop = () => void inspector.close();
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    process.stdout.write(greetingOf(inspector));
    if (asked.isToOpen)
      openInBrowser(inspector.pageUrl, () =>
        process.stderr.write('No browser could be opened. Open the address above.\n'),
      );
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    process.stderr.write(
      isTaken
        ? `Port ${asked.port} is in use. Give another one: --port 0 takes any free port.\n`
        : `The inspector could not start: ${(error as Error).message}\n`,
    );
    process.exitCode = 1;
  }
}

await main();
