/*
 * The layout of the machine's pictures: docs/statechart.svg, docs/lifecycle.svg and the playground.
 *
 * The happy path is one straight line from left to right. It passes through `working` and `resting` twice, before and after the
 * `wave`, so these two groups are boxes with a gap for what lies between: `working` goes around the wave above the line, `resting`
 * below it. Denials go straight down, from the wave through `denied` into `resting`. Layout programs such as Graphviz draw groups
 * as rectangles only, so the positions are written here, by the paths of the states. A state, group or arrow of the machine that has
 * no position yet makes the drawing fail with an error that names it.
 */

export type Point = readonly [x: number, y: number];

/** A state, by its edges. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** An arrow: its corners, the last of which is its tip, and where its words stand. */
export interface Route {
  readonly points: readonly Point[];
  /** Words stand on this side of this point. */
  readonly words: { readonly at: Point; readonly side: 'above' | 'below' | 'left' | 'right' };
}

/** Lengths, in units of the picture. */
export interface Spacing {
  /** The width of a state's box, by its name. */
  readonly width: (name: string) => number;
  /** The height of a state's box. */
  readonly height: number;
  /** Between the edge of a group and what is in it. */
  readonly pad: number;
  /** The line in which a group says its name. */
  readonly title: number;
  /** What an initial state's mark takes. */
  readonly mark: number;
  /** Between states that stand below one another. */
  readonly below: number;
  /** Lengths of the arrows of the happy path, which have words on them. */
  readonly steps: {
    readonly started: number;
    readonly challenged: number;
    readonly given: number;
    readonly granted: number;
    readonly landed: number;
  };
  /** What words right of the states of `requestingOtp` take. */
  readonly besideOtp: number;
  /** From the wave to `denied`, and from there to where work rests. */
  readonly falls: readonly [toDenied: number, toRest: number];
  /** States that are not shown, so that no room is kept for them. */
  readonly without?: readonly string[];
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** States without states in them. @throws Error for a state that has no place yet. */
  placeOf(path: string): Box;
  /** The corners of a group. @throws Error for a group that has no place yet. */
  outlineOf(path: string): readonly Point[];
  /** Where the name of a group begins, on its base line. */
  titleOf(path: string): Point;
  /** @throws Error for an arrow that has no way yet. */
  routeOf(from: string, to: string): Route;
  /** From the mark of an initial state to that state. */
  readonly marks: readonly { readonly state: string; readonly points: readonly Point[] }[];
}

const MARGIN = 6;
/** How far a line that leaves a box and comes back to it goes. */
const LOOP = 14;

/** @returns The plan, drawn with the lengths of `spacing`. */
export function layOut(spacing: Spacing): Layout {
  const { width, height, pad, title, mark, below, steps, besideOtp, falls, without = [] } = spacing;
  const has = (name: string) => !without.includes(name);

  // From left to right.
  const at = { x: MARGIN };
  const column = (...widths: number[]): Pick<Box, 'left' | 'right'> => {
    const left = at.x;
    at.x += widths.reduce((sum, part) => sum + part, 0);
    return { left, right: at.x };
  };
  const restLeft = column(pad, mark, width('idle'), pad);
  column(steps.started);
  const workLeft = column(pad, mark, width('calling'), pad);
  column(steps.challenged);
  const waveLeft = column(pad, mark);
  const asks = column(width('needStrongAuth'));
  column(steps.given);
  const channel = column(pad + LOOP);
  const otp = column(Math.max(width('withPin'), width('resetStep')));
  const besides = column(besideOtp + pad);
  const waveRight = column(LOOP + pad);
  column(steps.granted);
  const workRight = column(pad, width('replaying'), pad);
  column(steps.landed);
  const restRight = column(pad, width('done'), pad);
  const right = at.x;

  // From top to bottom.
  const top = MARGIN;
  const waveTop = top + title + pad + LOOP;
  const otpTop = waveTop + pad + LOOP / 2;
  const queued = otpTop + title + (has('queued') ? mark + 4 : 0);
  const withPin = has('queued') ? queued + height + below : queued;
  const line = withPin + height / 2;
  const resetStep = withPin + height + below;
  const otpBottom = resetStep + height + pad;
  const waveBottom = otpBottom + pad + LOOP / 2;
  const legBottom = line + height / 2 + pad + LOOP;
  const denied = waveBottom + falls[0];
  const restTop = has('denied') ? denied + height + falls[1] : waveBottom + falls[0];
  const rest = restTop + title;
  const restBottom = rest + height + pad;
  const closed = restBottom + pad + LOOP;
  const bottom = (has('closed') ? closed + height : restBottom) + MARGIN;

  const centre = ({ left, right }: Pick<Box, 'left' | 'right'>) => (left + right) / 2;
  const inRow = (y: number, { left, right }: Pick<Box, 'left' | 'right'>): Box => ({
    left,
    right,
    top: y,
    bottom: y + height,
  });
  const onLine = (left: number, name: string): Box => inRow(withPin, { left, right: left + width(name) });
  const around = (x: number, name: string) => ({ left: x - width(name) / 2, right: x + width(name) / 2 });
  const cluster = { left: channel.left, right: besides.right };

  const boxes: Record<string, Box> = {
    'resting.idle': onLine(restLeft.left + pad + mark, 'idle'),
    'working.calling': onLine(workLeft.left + pad + mark, 'calling'),
    'wave.needStrongAuth': onLine(asks.left, 'needStrongAuth'),
    'wave.requestingOtp.queued': inRow(queued, otp),
    'wave.requestingOtp.withPin': inRow(withPin, otp),
    'wave.requestingOtp.resetStep': inRow(resetStep, otp),
    'wave.recovering': inRow(resetStep, { left: asks.right - width('recovering'), right: asks.right }),
    'working.replaying': onLine(workRight.left + pad, 'replaying'),
    'resting.done': onLine(restRight.left + pad, 'done'),
    denied: inRow(denied, { left: asks.left, right: otp.right }),
    'resting.cancelled': inRow(rest, around(centre(asks), 'cancelled')),
    'resting.failed': inRow(rest, around(centre(otp), 'failed')),
    closed: inRow(closed, { left: restRight.right - width('closed'), right: restRight.right }),
  };
  const box = (path: string) => boxes[path] as Box;

  const rectangle = ({ left, right, top: y, bottom: end }: Box): Point[] => [
    [left, y],
    [right, y],
    [right, end],
    [left, end],
  ];
  const wave: Box = { left: waveLeft.left, right: waveRight.right, top: waveTop, bottom: waveBottom };
  const otpBox: Box = { ...cluster, top: otpTop, bottom: otpBottom };
  const groups: Record<string, { readonly outline: readonly Point[]; readonly title: Point }> = {
    resting: {
      outline: [
        [restLeft.left, top],
        [restLeft.right, top],
        [restLeft.right, restTop],
        [restRight.left, restTop],
        [restRight.left, top],
        [right, top],
        [right, restBottom],
        [restLeft.left, restBottom],
      ],
      title: [restLeft.left + pad, top + title - pad / 2],
    },
    working: {
      outline: [
        [workLeft.left, top],
        [workRight.right, top],
        [workRight.right, legBottom],
        [workRight.left, legBottom],
        [workRight.left, waveTop - pad],
        [workLeft.right, waveTop - pad],
        [workLeft.right, legBottom],
        [workLeft.left, legBottom],
      ],
      title: [workLeft.left + pad, top + title - pad / 2],
    },
    wave: { outline: rectangle(wave), title: [wave.left + pad, wave.top + title - pad / 2] },
    'wave.requestingOtp': {
      outline: rectangle(otpBox),
      title: [otpBox.left + pad, otpBox.top + title - pad / 2],
    },
  };

  const [calling, replaying, asking] = [
    box('working.calling'),
    box('working.replaying'),
    box('wave.needStrongAuth'),
  ];
  const curing = box('wave.recovering');
  const [cancelled, failed, gate] = [box('resting.cancelled'), box('resting.failed'), box('denied')];
  const [withPinBox, resetBox] = [box('wave.requestingOtp.withPin'), box('wave.requestingOtp.resetStep')];
  /** A way along the line, with its words on it. */
  const along = (from: number, to: number, wordsFrom = from, wordsTo = to): Route => ({
    points: [
      [from, line],
      [to, line],
    ],
    words: { at: [(wordsFrom + wordsTo) / 2, line], side: 'above' },
  });
  const down = (x: number, from: number, to: number, words = (from + to) / 2): Route => ({
    points: [
      [x, from],
      [x, to],
    ],
    words: { at: [x, words], side: 'right' },
  });
  const back = line + height / 4;
  const bandLine = top + title + pad / 2 + LOOP / 4;
  const timeouts = channel.left + pad;
  const timedOut = (state: Box): Route => ({
    points: [
      [state.left, centreY(state)],
      [timeouts, centreY(state)],
      [timeouts, gate.top],
    ],
    words: { at: [timeouts, gate.top - LOOP - 2], side: 'left' },
  });
  const beyond = otpBox.right + LOOP;
  const underRest = restBottom + LOOP;

  const routes: Record<string, Route> = {
    // The happy path.
    'resting → working': along(restLeft.right, workLeft.left),
    'working → wave': along(workLeft.right, wave.left),
    'wave.needStrongAuth → wave.requestingOtp': along(asking.right, otpBox.left),
    'wave.requestingOtp → working.replaying': along(otpBox.right, replaying.left, wave.right, workRight.left),
    'working → resting.done': along(
      workRight.right,
      box('resting.done').left,
      workRight.right,
      restRight.left,
    ),
    // Around it.
    'resting → wave': {
      points: [
        [wave.right - pad, restTop],
        [wave.right - pad, wave.bottom],
      ],
      words: { at: [wave.right - pad, (restTop + wave.bottom) / 2], side: 'right' },
    },
    'working.replaying → working.calling': {
      points: [
        [centre(replaying), replaying.top],
        [centre(replaying), bandLine],
        [centre(calling), bandLine],
        [centre(calling), calling.top],
      ],
      words: { at: [centre(wave), bandLine], side: 'above' },
    },
    'wave.needStrongAuth → wave.needStrongAuth': {
      points: [
        [centre(asking) + LOOP, asking.top],
        [centre(asking) + LOOP, asking.top - LOOP],
        [centre(asking) - LOOP, asking.top - LOOP],
        [centre(asking) - LOOP, asking.top],
      ],
      words: { at: [centre(asking) + LOOP, asking.top - LOOP], side: 'right' },
    },
    'wave.requestingOtp → wave.needStrongAuth': {
      points: [
        [otpBox.left, back],
        [asking.right, back],
      ],
      words: { at: [(otpBox.left + asking.right) / 2, back], side: 'below' },
    },
    'wave.requestingOtp.queued → wave.requestingOtp.withPin': down(centre(otp), queued + height, withPin),
    'wave.requestingOtp.withPin → wave.requestingOtp.resetStep': down(
      centre(otp),
      withPin + height,
      resetStep,
    ),
    'wave.requestingOtp → wave.requestingOtp.resetStep': {
      points: [
        [otpBox.right, withPinBox.bottom],
        [beyond, withPinBox.bottom],
        [beyond, centreY(resetBox)],
        [resetBox.right, centreY(resetBox)],
      ],
      words: { at: [(resetBox.right + otpBox.right) / 2, centreY(resetBox)], side: 'above' },
    },
    'wave.requestingOtp → wave.recovering': {
      points: [
        [otpBox.left, centreY(curing)],
        [curing.right, centreY(curing)],
      ],
      words: { at: [(otpBox.left + curing.right) / 2, centreY(curing)], side: 'above' },
    },
    'wave.recovering → wave.needStrongAuth': {
      points: [
        [centre(curing), curing.top],
        [centre(curing), asking.bottom],
      ],
      words: { at: [centre(curing), curing.top - LOOP], side: 'right' },
    },
    // Downwards: a wave is denied.
    'wave.recovering → denied': down(
      centre(curing),
      curing.bottom,
      gate.top,
      (curing.bottom + wave.bottom) / 2,
    ),
    'wave → denied': down(asks.right, wave.bottom, gate.top, wave.bottom + falls[0] * 0.35),
    'wave.needStrongAuth → denied': {
      points: [
        [asks.left + LOOP, asking.bottom],
        [asks.left + LOOP, gate.top],
      ],
      words: { at: [asks.left + LOOP, wave.bottom + falls[0] / 2], side: 'left' },
    },
    'wave.requestingOtp → denied': down(centre(otp), otpBox.bottom, gate.top, waveBottom + falls[0] / 2),
    'wave.requestingOtp.withPin → denied': timedOut(withPinBox),
    'wave.requestingOtp.resetStep → denied': timedOut(resetBox),
    'denied → resting.cancelled': down(
      centre(cancelled),
      gate.bottom,
      cancelled.top,
      gate.bottom + falls[1] / 2,
    ),
    'denied → resting.failed': down(centre(failed), gate.bottom, failed.top, gate.bottom + falls[1] / 2),
    'wave → resting.cancelled': down(
      centre(cancelled),
      wave.bottom,
      cancelled.top,
      (wave.bottom + restTop) / 2,
    ),
    'wave → resting.failed': down(centre(failed), wave.bottom, failed.top, (wave.bottom + restTop) / 2),
    'denied → working': {
      points: [
        [gate.left, centreY(gate)],
        [centre(workLeft) + LOOP, centreY(gate)],
        [centre(workLeft) + LOOP, legBottom],
      ],
      words: { at: [(gate.left + centre(workLeft) + LOOP) / 2, centreY(gate)], side: 'above' },
    },
    // The others land after a wave was denied.
    'working → resting.cancelled': {
      points: [
        [centre(workLeft) - LOOP, legBottom],
        [centre(workLeft) - LOOP, centreY(cancelled)],
        [cancelled.left, centreY(cancelled)],
      ],
      words: { at: [(centre(workLeft) - LOOP + cancelled.left) / 2, centreY(cancelled)], side: 'above' },
    },
    'working → resting.failed': {
      points: [
        [centre(workRight), legBottom],
        [centre(workRight), centreY(failed)],
        [failed.right, centreY(failed)],
      ],
      words: { at: [(centre(workRight) + failed.right) / 2, centreY(failed)], side: 'above' },
    },
    'resting → resting.failed': {
      points: [
        [failed.right + LOOP, restBottom],
        [failed.right + LOOP, underRest],
        [centre(failed), underRest],
        [centre(failed), failed.bottom],
      ],
      words: { at: [failed.right + LOOP, underRest], side: 'right' },
    },
  };

  const find = <Found>(places: Readonly<Record<string, Found>>, name: string): Found => {
    const found = places[name];
    if (found === undefined) throw new Error(`scripts/chart-layout.ts has no place for ${name}`);
    return found;
  };
  const markBefore = (state: Box): Point[] => [
    [state.left - mark, line],
    [state.left, line],
  ];
  const queuedBox = box('wave.requestingOtp.queued');
  return {
    width: right + MARGIN,
    height: bottom,
    placeOf: (path) => find(boxes, path),
    outlineOf: (path) => find(groups, path).outline,
    titleOf: (path) => find(groups, path).title,
    routeOf: (from, to) => find(routes, `${from} → ${to}`),
    marks: [
      ...['resting.idle', 'working.calling', 'wave.needStrongAuth'].map((state) => ({
        state,
        points: markBefore(box(state)),
      })),
      ...(has('queued')
        ? [
            {
              state: 'wave.requestingOtp.queued',
              points: [
                [centre(queuedBox), queuedBox.top - mark],
                [centre(queuedBox), queuedBox.top],
              ] as const,
            },
          ]
        : []),
    ],
  };
}

const centreY = ({ top, bottom }: Box): number => (top + bottom) / 2;

/** @returns The outline of a group as SVG path data, with round corners. */
export const outlinePath = (points: readonly Point[], radius: number): string =>
  `${cornersOf([points.at(-1) as Point, ...points, points[0] as Point], radius)
    .map((corner, index) => (index === 0 ? corner.replace(/^L/, 'M') : corner))
    .join('')}Z`;

/** @returns An arrow as SVG path data: its line, with round corners, and its head. */
export function arrowPath(
  points: readonly Point[],
  { radius = 8, head = 8 } = {},
): { line: string; head: string } {
  const [tip, before] = [points.at(-1) as Point, points.at(-2) as Point];
  const [dx, dy] = [Math.sign(tip[0] - before[0]), Math.sign(tip[1] - before[1])];
  const neck: Point = [tip[0] - dx * head, tip[1] - dy * head];
  const side = head * 0.42;
  const start = points[0] as Point;
  const inner = cornersOf([...points.slice(0, -1), neck], radius).join('');
  return {
    line: `M${at(start)}${inner}L${at(neck)}`,
    head: `M${at(tip)}L${at([neck[0] - dy * side, neck[1] - dx * side])}L${at([neck[0] + dy * side, neck[1] + dx * side])}Z`,
  };
}

const at = ([x, y]: Point): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;

/** The corners between the first point and the last, each rounded as far as its neighbours leave room. */
const cornersOf = (points: readonly Point[], radius: number): string[] =>
  points.slice(1, -1).map((corner, index) => {
    const [before, after] = [points[index] as Point, points[index + 2] as Point];
    const room = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    return `L${at(towards(corner, before, room))}Q${at(corner)} ${at(towards(corner, after, room))}`;
  });

const distance = (one: Point, other: Point): number => Math.hypot(one[0] - other[0], one[1] - other[1]);

const towards = (from: Point, to: Point, length: number): Point => {
  const share = length / distance(from, to);
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
};
