import { arrowPath, type Layout, outlinePath, type Point, type Route } from './chart-layout.js';

/** A state in a picture. */
export interface ShownState {
  readonly path: string;
  readonly name: string;
  /** A second line in its box. */
  readonly note?: string;
  /** `settled`, `awaitingUser`, `busy`, or nothing: its colour. */
  readonly tag: string;
  readonly isGroup: boolean;
  readonly isFinal: boolean;
  readonly isHappy: boolean;
  /** Whether it is left at once. */
  readonly isPassedThrough: boolean;
  /** Told by a browser that shows the picture by itself. */
  readonly description?: string;
}

/** An arrow in a picture, with what stands on it, line by line. */
export interface ShownArrow {
  readonly from: string;
  readonly to: string;
  readonly words: readonly string[];
  readonly isHappy: boolean;
}

export interface Picture {
  readonly layout: Layout;
  readonly states: readonly ShownState[];
  readonly arrows: readonly ShownArrow[];
  /** What the picture shows, for who does not see it. */
  readonly title: string;
  /** A line at the bottom. */
  readonly caption?: string;
  /** Sizes of the type: names of states, words on arrows. */
  readonly type: { readonly name: number; readonly words: number };
  /** Whether initial states are marked. */
  readonly hasMarks: boolean;
}

/*
 * One file for light and dark: what embeds a picture hands its colour scheme on to it. It brings its own ground, so that it can be
 * read also where a page and its reader's system disagree.
 */
const COLOURS = {
  paper: ['#ffffff', '#14171a'],
  ink: ['#1c2126', '#e9ebed'],
  soft: ['#57606a', '#a5adb5'],
  line: ['#7a828a', '#88919a'],
  happy: ['#2a52be', '#8fb0ff'],
  edge: ['#c9ced4', '#3c444c'],
  settled: ['#ddeede', '#21382a'],
  awaitingUser: ['#fbe7b8', '#4a3a17'],
  busy: ['#dbe6fa', '#22304d'],
  'settled-group': ['#f3f9f3', '#181f1b'],
  'awaitingUser-group': ['#fdf8ea', '#211d14'],
  'busy-group': ['#f1f5fd', '#181d27'],
} as const;

/** Colours as custom properties, light, and dark where that is preferred. */
export const colourStyle = (): string => {
  const scheme = (index: 0 | 1) =>
    Object.entries(COLOURS)
      .map(([name, colours]) => `--${name}:${colours[index]}`)
      .join(';');
  return `:root{${scheme(0)}}@media(prefers-color-scheme:dark){:root{${scheme(1)}}}`;
};

/** @returns The picture, as an SVG file. */
export function writeSvg({ layout, states, arrows, title, caption, type, hasMarks }: Picture): string {
  const style = `${colourStyle()}
text{font-family:-apple-system,"Segoe UI",Helvetica,Arial,sans-serif;fill:var(--ink)}
.paper{fill:var(--paper)}
.group{stroke:var(--edge);stroke-width:1.2}
.group-name{font-size:${type.words + 1}px;fill:var(--soft);font-weight:600}
.box{stroke:var(--line);stroke-width:1.1}
.box.through{stroke-dasharray:5 3}
.box.happy{stroke:var(--happy);stroke-width:2}
.settled{fill:var(--settled)}.awaitingUser{fill:var(--awaitingUser)}.busy{fill:var(--busy)}.none{fill:var(--paper)}
.settled-group{fill:var(--settled-group)}.awaitingUser-group{fill:var(--awaitingUser-group)}.busy-group{fill:var(--busy-group)}
.name{font-size:${type.name}px;text-anchor:middle}
.note{font-size:${type.words}px;text-anchor:middle;fill:var(--soft)}
.line{fill:none;stroke:var(--line);stroke-width:1.3}.head{fill:var(--line)}
.happy .line{stroke:var(--happy);stroke-width:2.2}.happy .head{fill:var(--happy)}
.words{font-size:${type.words}px;paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-opacity:.75;stroke-linejoin:round}
.caption{font-size:${type.words}px;fill:var(--soft)}
.dot{fill:var(--ink)}`;
  const groups = states.filter(({ isGroup }) => isGroup);
  const leaves = states.filter(({ isGroup }) => !isGroup);
  const lineHeight = type.words * 1.25;
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${round(layout.width)} ${round(layout.height)}" width="${round(layout.width)}" height="${round(layout.height)}" role="img" aria-labelledby="title">`,
    `<title id="title">${escaped(title)}</title>`,
    `<style>${style}</style>`,
    `<rect class="paper" width="100%" height="100%" rx="10"/>`,
    ...groups.map((group) => drawGroup(group, layout)),
    ...(hasMarks ? layout.marks.map(({ points }) => drawMark(points)) : []),
    ...sorted(arrows).map(({ from, to, isHappy }) => drawArrow(layout.routeOf(from, to), isHappy)),
    ...leaves.map((state) => drawState(state, layout, type.name)),
    ...arrows.map(({ from, to, words }) =>
      drawWords(layout.routeOf(from, to), words, lineHeight, type.words),
    ),
    ...(caption === undefined ? [] : [text('caption', [16, layout.height - 16], caption)]),
    '</svg>',
  ].join('\n')}\n`;
}

/** The happy path lies over the others. */
const sorted = (arrows: readonly ShownArrow[]): ShownArrow[] =>
  [...arrows].sort((one, other) => Number(one.isHappy) - Number(other.isHappy));

function drawGroup({ path, name, tag, description }: ShownState, layout: Layout): string {
  return [
    `<path class="group ${tag || 'awaitingUser'}-group" d="${outlinePath(layout.outlineOf(path), 9)}">${told(name, description)}</path>`,
    text('group-name', layout.titleOf(path), name),
  ].join('');
}

function drawState(
  { path, name, note, tag, isFinal, isHappy, isPassedThrough, description }: ShownState,
  layout: Layout,
  size: number,
): string {
  const { left, right, top, bottom } = layout.placeOf(path);
  const frame = (inset: number, kind: string, inside = '') =>
    `<rect class="${kind}" x="${round(left + inset)}" y="${round(top + inset)}" width="${round(right - left - 2 * inset)}" height="${round(bottom - top - 2 * inset)}" rx="${8 - inset}">${inside}</rect>`;
  const centre: Point = [(left + right) / 2, (top + bottom) / 2 + size * 0.35];
  const [x, y] = centre;
  return [
    '<g>',
    frame(
      0,
      `box ${tag || 'none'}${isHappy ? ' happy' : ''}${isPassedThrough ? ' through' : ''}`,
      told(name, description),
    ),
    ...(isFinal ? [frame(3, 'box none')] : []),
    text('name', note === undefined ? centre : [x, y - size * 0.5], name),
    ...(note === undefined ? [] : [text('note', [x, y + size * 0.62], note)]),
    '</g>',
  ].join('');
}

function drawArrow({ points }: Route, isHappy: boolean): string {
  const { line, head } = arrowPath(points);
  return `<g${isHappy ? ' class="happy"' : ''}><path class="line" d="${line}"/><path class="head" d="${head}"/></g>`;
}

function drawMark(points: readonly Point[]): string {
  const { line, head } = arrowPath(points, { head: 6 });
  const [x, y] = points[0] as Point;
  return `<g><circle class="dot" cx="${round(x)}" cy="${round(y)}" r="3.5"/><path class="line" d="${line}"/><path class="head" d="${head}"/></g>`;
}

function drawWords(
  { words: { at, side } }: Route,
  words: readonly string[],
  lineHeight: number,
  size: number,
): string {
  const [x, y] = at;
  const height = words.length * lineHeight;
  const beside = y - height / 2 + size * 0.95;
  const first = { above: y - height + lineHeight - 6, below: y + size + 4, left: beside, right: beside }[
    side
  ];
  const shift = { above: 0, below: 0, left: -6, right: 6 }[side];
  const anchor = { above: 'middle', below: 'middle', left: 'end', right: 'start' }[side];
  return words
    .map((word, index) =>
      text('words', [x + shift, first + index * lineHeight], word, ` text-anchor="${anchor}"`),
    )
    .join('');
}

const text = (kind: string, [x, y]: Point, content: string, more = ''): string =>
  `<text class="${kind}" x="${round(x)}" y="${round(y)}"${more}>${escaped(content)}</text>`;

const told = (name: string, description: string | undefined): string =>
  description === undefined ? '' : `<title>${escaped(`${name}: ${description}`)}</title>`;

const round = (value: number): number => Math.round(value * 10) / 10;

const escaped = (content: string): string =>
  content.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
