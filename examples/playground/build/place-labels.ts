import type { Box, Point } from '../../../scripts/chart-layout.js';

/*
 * Where the names of events stand in a chart. Only those of the edges that can be taken now and of the edge that was taken last are
 * shown, so that only labels that are seen together must keep clear of each other. Every label has some places along its arrow; each in
 * turn takes the cheapest, until none moves any more; then the others make room for those that still cover something.
 */

/** A label: its box, where its lines begin, and on which side they are aligned. */
export interface Label {
  readonly box: Box;
  /** Where the base line of the first line stands. */
  readonly at: Point;
  readonly anchor: 'start' | 'middle' | 'end';
  readonly lines: readonly string[];
}

/** An arrow that needs a label. */
export interface Labelled {
  readonly from: string;
  /** Where one is once it was taken: more than one state, if it leads to one that is only passed through. */
  readonly to: readonly string[];
  /** Its corners, or points along its curve. */
  readonly points: readonly Point[];
  /** What stands on it while it can be taken. */
  readonly lines: readonly string[];
  /** Its events, one of which stands there alone once it was taken. */
  readonly events: readonly string[];
}

export interface Labelling {
  readonly arrows: readonly Labelled[];
  /** States without states in them, by their paths. */
  readonly states: ReadonlyMap<string, Box>;
  /** What else is not to be covered, such as the names of groups. */
  readonly others: readonly Box[];
  readonly width: number;
  readonly height: number;
}

/** Of the type of labels, in units of the picture. */
export const LABEL_LINE = 13;
const CHARACTER = 6.3;
/** Between an arrow and its label. */
const GAP = 4;
/** How far along a stretch of an arrow a label may stand, and how far away from it. */
const ALONG = [0.5, 0.35, 0.65, 0.2, 0.8, 0.05, 0.95];
/** Of a stretch that is as short, as those of a curve are, one place is enough. */
const SHORT = 16;
const AWAY = [0, 6, 10, 14, 18, 24, 32, 42];
const ROUNDS = 12;
/** What it costs to cover something, however little of it. */
const COVERED = 500;

/** @returns The labels of `arrows`, in their order. */
export function placeLabels(labelling: Labelling): Label[] {
  const { arrows, states } = labelling;
  const indices = arrows.map((_, index) => index);
  const neighbours = arrows.map((one) =>
    indices.filter((other) => {
      const arrow = arrows[other] as Labelled;
      return one !== arrow && areSeenTogether(one, arrow, [...states.keys()]);
    }),
  );
  /** Of each label, the cheapest first. */
  const places = arrows.map((arrow) =>
    placesOf(arrow)
      .map((place) => ({ ...place, cost: place.cost + costOf(place.label, arrow, labelling) }))
      .sort((one, other) => one.cost - other.cost),
  );
  /** What a place costs beside where the others are. */
  const dearness = (index: number, { label, cost }: Place, chosen: readonly Place[]): number =>
    (neighbours[index] as number[]).reduce(
      (sum, other) => sum + costOfCovering(label.box, (chosen[other] as Place).label.box),
      cost,
    );
  const cheapestOf = (index: number, chosen: readonly Place[]): Place => {
    let best = chosen[index] as Place;
    let least = dearness(index, best, chosen);
    for (const place of places[index] as Place[]) {
      if (place.cost >= least) break; // and so are all that follow
      const cost = dearness(index, place, chosen);
      if (cost < least) [best, least] = [place, cost];
    }
    return best;
  };
  /** Lets each take its cheapest place, all but one that is held where it is. */
  const settle = (from: readonly Place[], held?: number): Place[] => {
    const chosen = [...from];
    for (let round = 0; round < ROUNDS; round += 1)
      for (const index of indices) if (index !== held) chosen[index] = cheapestOf(index, chosen);
    return chosen;
  };
  const total = (chosen: readonly Place[]): number =>
    chosen.reduce((sum, place, index) => sum + dearness(index, place, chosen), 0);

  const cheapest = places.map(([place]) => place as Place);
  let best = settle(cheapest);
  // Where one covers something all the same, the others may make room for it.
  for (const index of indices) {
    if (dearness(index, best[index] as Place, best) < COVERED) continue;
    const held = best.map((place, at) => (at === index ? (cheapest[at] as Place) : place));
    const other = settle(settle(held, index));
    if (total(other) < total(best)) best = other;
  }
  return best.map(({ label }) => label);
}

/** @returns Whether two arrows have their labels shown at the same time: both can be taken in a state, or one has led to it. */
export function areSeenTogether(one: Labelled, other: Labelled, states: readonly string[]): boolean {
  return states.some((state) => {
    const leaves = ({ from, lines }: Labelled) => lines.length > 0 && isIn(state, from);
    const enters = ({ to }: Labelled) => to.some((path) => isIn(state, path));
    return (leaves(one) && leaves(other)) || (leaves(one) && enters(other)) || (enters(one) && leaves(other));
  });
}

const isIn = (path: string, group: string): boolean => `${path}.`.startsWith(`${group}.`);

interface Place {
  readonly label: Label;
  readonly cost: number;
}

function placesOf({ points, lines, events }: Labelled): Place[] {
  const width = Math.max(0, ...[...lines, ...events].map((line) => line.length)) * CHARACTER;
  const height = Math.max(1, lines.length) * LABEL_LINE;
  const label = (left: number, top: number, anchor: Label['anchor']): Label => {
    const x = { start: left, middle: left + width / 2, end: left + width }[anchor];
    return {
      box: { left, top, right: left + width, bottom: top + height },
      at: [Math.round(x * 10) / 10, Math.round((top + LABEL_LINE - 3) * 10) / 10],
      anchor,
      lines,
    };
  };
  return points.slice(1).flatMap((end, index) => {
    const start = points[index] as Point;
    const [dx, dy] = [end[0] - start[0], end[1] - start[1]];
    const isLevel = Math.abs(dx) > Math.abs(dy);
    return (Math.hypot(dx, dy) < SHORT ? [0.5] : ALONG).flatMap((along) => {
      const [x, y] = [start[0] + dx * along, start[1] + dy * along];
      return AWAY.flatMap((away) => {
        const cost = Math.abs(along - 0.5) * 6 + away * 0.5;
        const far = GAP + away;
        const beside = isLevel
          ? [label(x - width / 2, y - far - height, 'middle'), label(x - width / 2, y + far, 'middle')]
          : [label(x + far, y - height / 2, 'start'), label(x - far - width, y - height / 2, 'end')];
        return beside.map((place, side) => ({ label: place, cost: cost + side }));
      });
    });
  });
}

function costOf(
  { box }: Label,
  arrow: Labelled,
  { states, others, arrows, width, height }: Labelling,
): number {
  const isOutside = box.left < 1 || box.top < 1 || box.right > width - 1 || box.bottom > height - 1;
  let cost = isOutside ? 1e5 : 0;
  for (const state of states.values()) cost += costOfCovering(box, state);
  for (const other of others) cost += 10 * overlap(box, other, 0);
  for (const other of arrows) {
    const share = other === arrow ? 0.25 : 0.8;
    for (let index = 1; index < other.points.length; index += 1)
      cost += share * lengthInside(other.points[index - 1] as Point, other.points[index] as Point, box);
  }
  return cost;
}

/** @returns What it costs to cover a box, or to come close to it: also of a small part, more than any place beside it. */
function costOfCovering(box: Box, other: Box): number {
  const hidden = overlap(box, other, 0);
  return 30 * overlap(box, other, 2) + (hidden > 0 ? COVERED : 0);
}

/** @returns The area that two boxes share, the first made larger on every side. */
export function overlap(one: Box, other: Box, margin: number): number {
  const wide = Math.min(one.right + margin, other.right) - Math.max(one.left - margin, other.left);
  const high = Math.min(one.bottom + margin, other.bottom) - Math.max(one.top - margin, other.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** @returns How much of a line lies in a box. */
function lengthInside(start: Point, end: Point, box: Box): number {
  if (
    Math.max(start[0], end[0]) <= box.left ||
    Math.min(start[0], end[0]) >= box.right ||
    Math.max(start[1], end[1]) <= box.top ||
    Math.min(start[1], end[1]) >= box.bottom
  )
    return 0;
  const length = Math.hypot(end[0] - start[0], end[1] - start[1]);
  const steps = Math.max(1, Math.ceil(length / 3));
  let inside = 0;
  for (let step = 0; step <= steps; step += 1) {
    const x = start[0] + ((end[0] - start[0]) * step) / steps;
    const y = start[1] + ((end[1] - start[1]) * step) / steps;
    if (x > box.left && x < box.right && y > box.top && y < box.bottom) inside += length / steps;
  }
  return inside;
}
