import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { instance } from '@viz-js/viz';
import { edgesOf } from 'strong-auth-machine/testing';
import { read, root } from './markdown.js';

/*
 * docs/lifecycle.svg      the story a newcomer needs, out of the whole chart of docs/statechart.svg. Which arrows are shown, and in
 *                         which words, is chosen here; that each of them is an edge of the machine is checked when it is drawn.
 * docs/architecture.svg   who tells whom what
 */

/** An arrow: the edges of the chart it stands for, by the state they leave and the events that take them. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly events: readonly string[];
  readonly words: string;
}

const arrows: readonly Arrow[] = [
  { from: 'idle', to: 'calling', events: ['calls.started'], words: 'a call starts' },
  { from: 'calling', to: 'needStrongAuth', events: ['call.challenged'], words: '2302' },
  { from: 'needStrongAuth', to: 'requestingOtp', events: ['pin.given'], words: 'PIN' },
  { from: 'requestingOtp', to: 'needStrongAuth', events: ['otp.pinRejected'], words: 'wrong PIN' },
  {
    from: 'requestingOtp.withPin',
    to: 'requestingOtp.resetStep',
    events: ['otp.resetNeeded'],
    words: '', // its box says it
  },
  { from: 'requestingOtp', to: 'replaying', events: ['otp.granted'], words: 'granted' },
  { from: 'replaying', to: 'done', events: ['calls.landed'], words: 'all settled' },
  { from: 'calling', to: 'done', events: ['calls.landed'], words: 'all settled' },
  { from: 'needStrongAuth', to: 'cancelled', events: ['pin.declined', 'cancelled'], words: 'declined' },
  { from: 'needStrongAuth', to: 'failed', events: ['xstate.after.pinEntryTimeout'], words: 'timed out' },
  { from: 'requestingOtp', to: 'failed', events: ['otp.denied'], words: 'blocked, refused, …' },
];

const COLOURS: Readonly<Record<string, string>> = {
  idle: '#e8f1e4',
  done: '#e8f1e4',
  cancelled: '#e8f1e4',
  failed: '#e8f1e4',
  needStrongAuth: '#fdeccb',
};

/** Passed through on the way to where a denied wave rests, and therefore no place of its own in a story. */
const THROUGH = 'denied';

/** @returns The arrows that the machine does not have: the picture would be wrong. */
export function madeUp(shown: readonly Arrow[] = arrows): string[] {
  const edges = edgesOf();
  return shown.flatMap(({ from, to, events }) =>
    events
      .filter(
        (event) =>
          !edges.some(
            (edge) =>
              edge.source === from &&
              edge.event.startsWith(event) &&
              [to, THROUGH].some((target) => edge.name.endsWith(`→ ${target}`)),
          ),
      )
      .map((event) => `${from} · ${event} → ${to}`),
  );
}

const id = (state: string) => state.replace('requestingOtp.', '').replace(/^requestingOtp$/, 'withPin');

/** Drawn against the reading direction. */
const isBack = (from: string, to: string) => from === 'requestingOtp' && to === 'needStrongAuth';

function lifecycle(): string {
  const box = (state: string, words = '') =>
    `"${id(state)}" [label="${id(state)}${words}" fillcolor="${COLOURS[state] ?? '#dfeaf7'}"]`;
  const states = [...new Set(arrows.flatMap(({ from, to }) => [from, to]))].filter(
    (state) => !state.startsWith('requestingOtp'),
  );
  const edge = ({ from, to, words }: Arrow) => {
    const ends = [
      from === 'requestingOtp' ? 'ltail="cluster_otp"' : '',
      to === 'requestingOtp' ? 'lhead="cluster_otp"' : '',
      isBack(from, to) ? 'constraint=false' : '',
    ];
    return `"${id(from)}" -> "${id(to)}" [label=" ${words} " ${ends.join(' ')}]`;
  };
  return `digraph lifecycle {
  graph [compound=true rankdir=LR bgcolor="white" fontname="Helvetica" nodesep=0.45 ranksep=0.5 pad=0.2]
  node [shape=box style="rounded,filled" fontname="Helvetica" fontsize=14 margin="0.14,0.08" color="#5b6770" penwidth=1.1]
  edge [fontname="Helvetica" fontsize=12 color="#5b6770" fontcolor="#2c3439" arrowsize=0.7]
  start [shape=point width=0.12 color="#2c3439"]
  start -> idle
  ${states.map((state) => box(state)).join('\n  ')}
  subgraph cluster_otp {
    label="requestingOtp" labelloc=t style="rounded,filled" fillcolor="#f4f8fc" color="#5b6770" fontname="Helvetica" fontsize=14 margin=18
    ${box('requestingOtp.withPin')}
    ${box('requestingOtp.resetStep', '\\n2312, 2317')}
    { rank=same; withPin; resetStep }
  }
  ${arrows.map(edge).join('\n  ')}
}`;
}

const architecture = `digraph architecture {
  graph [rankdir=LR bgcolor="white" fontname="Helvetica" nodesep=0.35 ranksep=0.75 pad=0.2]
  node [shape=box style="rounded,filled" fontname="Helvetica" fontsize=13 margin="0.16,0.1" color="#5b6770" fillcolor="#f4f8fc"]
  edge [fontname="Helvetica" fontsize=11 color="#5b6770" fontcolor="#2c3439" arrowsize=0.7]
  app [label="your app\nget · set · subscribe\nensure · cancel" fillcolor="#e8f1e4"]
  user [label="the user\n(your PIN entry)" fillcolor="#e8f1e4"]
  sdk [label="the SDK\n(your transport)" fillcolor="#e8f1e4"]
  subgraph cluster_package {
    label="strong-auth-machine" labelloc=t style="rounded" color="#5b6770" fontsize=13 margin=16
    client [label="client\ncreateStrongAuth"]
    ledger [label="call ledger\nrequests, promises,\ndeadlines, signals"]
    machine [label="machine\ndecides" fillcolor="#fdeccb" penwidth=1.6]
    ports [label="ports\nenterPin, otpLine,\nrequestOtp"]
    vault [label="vault\nthe PIN, for one attempt"]
    view [label="view\nwhat a screen may know"]
  }
  app -> client
  client -> ledger
  ledger -> machine [label="facts: started,\nchallenged, landed"]
  machine -> ledger [label="hold, refuse,\nreplay, reject"]
  machine -> ports [label="invokes"]
  ports -> machine [label="pin.*, otp.*"]
  ports -> vault [dir=both]
  ports -> user [dir=both]
  ports -> sdk [dir=both]
  ledger -> sdk [dir=both constraint=false]
  machine -> view
}`;

/** @returns The pictures by their path in the repository. @throws Error if one shows what the machine does not do. */
export async function pictures(): Promise<Map<string, string>> {
  const wrong = madeUp();
  if (wrong.length > 0) throw new Error(`the machine has no ${wrong.join(', ')}`);
  const viz = await instance();
  const draw = (source: string) => viz.renderString(source, { format: 'svg', engine: 'dot' });
  return new Map([
    ['docs/lifecycle.svg', draw(lifecycle())],
    ['docs/architecture.svg', draw(architecture)],
  ]);
}

/** @returns The paths of the committed pictures that would be drawn differently now. */
export async function stalePictures(): Promise<string[]> {
  return [...(await pictures())].filter(([path, svg]) => read(path) !== svg).map(([path]) => path);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, svg] of await pictures()) writeFileSync(join(root, path), svg);
}
