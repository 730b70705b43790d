import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { instance } from '@viz-js/viz';
import { strongAuthMachine } from 'strong-auth-machine/machine';
import { edgesOf } from 'strong-auth-machine/testing';
import { chartOf, HAPPY_PATH, isLeaf, isOnHappyPath, pathOf, tagOf } from '../chart.js';
import { layOut } from '../chart-layout.js';
import { colourStyle, writeSvg } from '../chart-svg.js';
import { read, root } from './markdown.js';

/*
 * docs/lifecycle.svg      the lifecycle for a newcomer, a part of the whole chart of docs/statechart.svg. Which arrows are shown, and in
 *                         which words, is chosen here; that each of them is an edge of the machine is checked when it is drawn.
 * docs/architecture.svg   who tells whom what
 */

/** An arrow: the edges of the chart it stands for, by the state or group they leave and the events that take them. */
interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly events: readonly string[];
  readonly words: readonly string[];
}

const arrows: readonly Arrow[] = [
  { from: 'resting', to: 'working', events: ['calls.started'], words: ['a call', 'starts'] },
  { from: 'working', to: 'wave', events: ['call.challenged'], words: ['2302'] },
  { from: 'wave.needStrongAuth', to: 'wave.requestingOtp', events: ['pin.given'], words: ['PIN'] },
  {
    from: 'wave.requestingOtp',
    to: 'wave.needStrongAuth',
    events: ['otp.pinRejected'],
    words: ['wrong PIN'],
  },
  {
    from: 'wave.requestingOtp.withPin',
    to: 'wave.requestingOtp.resetStep',
    events: ['otp.resetNeeded'],
    words: [], // its box says it
  },
  { from: 'wave.requestingOtp', to: 'working.replaying', events: ['otp.granted'], words: ['granted'] },
  { from: 'working', to: 'resting.done', events: ['calls.landed'], words: ['all', 'settled'] },
  {
    from: 'wave',
    to: 'resting.cancelled',
    events: ['pin.declined', 'cancelled', 'waiters.gone'],
    words: ['declined, cancel(),', 'nobody waits any more'],
  },
  {
    from: 'wave',
    to: 'resting.failed',
    events: ['otp.denied', 'otp.pinRejected', 'xstate.after.pinEntryTimeout', 'xstate.after.otpTimeout'],
    words: ['blocked, refused,', 'timed out, …'],
  },
];

/** Not shown: the wait for an earlier OTP request, the cure that not every app has, the state that is passed through on the way to rest, and the end. */
const WITHOUT = ['queued', 'recovering', 'denied', 'closed'];

/** What stands in a box under the name of its state. */
const NOTES: Readonly<Record<string, string>> = {
  'wave.needStrongAuth': 'asks the user',
  'wave.requestingOtp.withPin': 'asks for the OTP',
  'wave.requestingOtp.resetStep': 'after 2312, 2317',
  'working.replaying': 'sent again',
};

/** @returns The arrows that the machine does not have: the picture would be wrong. */
export function madeUp(shown: readonly Arrow[] = arrows): string[] {
  const edges = edgesOf();
  const isIn = (path: string, group: string) => `${path}.`.startsWith(`${group}.`);
  return shown.flatMap(({ from, to, events }) =>
    events
      .filter(
        (event) =>
          !edges.some(
            (edge) =>
              (isIn(edge.source, from) || isIn(from, edge.source)) &&
              edge.event.startsWith(event) &&
              [to, 'denied'].some((target) => edge.name.endsWith(`→ ${target}`)),
          ),
      )
      .map((event) => `${from} · ${event} → ${to}`),
  );
}

function lifecycle(): string {
  const { states } = chartOf(strongAuthMachine);
  const shown = states.filter(({ key }) => !WITHOUT.includes(key));
  const find = (path: string) => {
    const state = states.find((other) => pathOf(other) === path);
    if (!state) throw new Error(`the machine has no state ${path}`);
    return state;
  };
  return writeSvg({
    layout: layOut({
      width: (name) =>
        ({ needStrongAuth: 142, resetStep: 122, replaying: 92 })[name] ?? Math.max(60, name.length * 8 + 18),
      height: 46,
      pad: 10,
      title: 22,
      mark: 20,
      below: 28,
      steps: { started: 62, challenged: 58, given: 84, granted: 76, landed: 62 },
      besideOtp: 0,
      falls: [66, 0],
      without: WITHOUT,
    }),
    states: shown.map((state) => ({
      path: pathOf(state),
      name: state.key,
      ...(NOTES[pathOf(state)] !== undefined && { note: NOTES[pathOf(state)] }),
      tag: tagOf(state) ?? '',
      isGroup: !isLeaf(state),
      isFinal: false,
      isHappy: HAPPY_PATH.includes(pathOf(state)),
      isPassedThrough: false,
    })),
    arrows: arrows.map(({ from, to, words }) => ({
      from,
      to,
      words,
      isHappy: isOnHappyPath({ from: find(from), to: find(to) }),
    })),
    title: 'The lifecycle of strong authentication, from idle to done',
    type: { name: 15, words: 13 },
    hasMarks: true,
  });
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
    view [label="view\nUI state"]
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

/** The colours that Graphviz was given, by those that the other pictures have in light and in dark. */
const schemes = (): string =>
  `${colourStyle()}${Object.entries({
    white: 'paper',
    '#e8f1e4': 'settled',
    '#fdeccb': 'awaitingUser',
    '#f4f8fc': 'busy-group',
    '#5b6770': 'line',
    '#2c3439': 'ink',
  })
    .map(
      ([colour, name]) =>
        `[fill="${colour}"]{fill:var(--${name})}[stroke="${colour}"]{stroke:var(--${name})}`,
    )
    .join('')}text{fill:var(--ink)}`;

/** @returns The pictures by their path in the repository. @throws Error if one shows what the machine does not do. */
export async function pictures(): Promise<Map<string, string>> {
  const wrong = madeUp();
  if (wrong.length > 0) throw new Error(`the machine has no ${wrong.join(', ')}`);
  const viz = await instance();
  const drawn = viz.renderString(architecture, { format: 'svg', engine: 'dot' });
  return new Map([
    ['docs/lifecycle.svg', lifecycle()],
    ['docs/architecture.svg', drawn.replace(/<g id="graph0"/, `<style>${schemes()}</style>$&`)],
  ]);
}

/** @returns The paths of the committed pictures that would be drawn differently now. */
export async function stalePictures(): Promise<string[]> {
  return [...(await pictures())].filter(([path, svg]) => read(path) !== svg).map(([path]) => path);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [path, svg] of await pictures()) writeFileSync(join(root, path), svg);
}
