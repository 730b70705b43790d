import type { Box, Point } from '../../../scripts/chart-layout.js';

/*
 * Where the names of events stand in a chart. Only those of the edges that can be taken now and of the edge that was taken last are
 * shown, so that only labels that are seen together must keep clear of each other. Every label has some places along its arrow; each in
 * turn takes the cheapest, until none moves any more.
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
  readonly to: string;
  /** Its corners, or points along its curve. */
  readonly points: readonly Point[];
  readonly lines: readonly string[];
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
const AWAY = [0, 10, 18, 24, 32];
const ROUNDS = 12;

/** @returns The labels of `arrows`, in their order. */
export function placeLabels(labelling: Labelling): Label[] {
  const { arrows, states } = labelling;
  const seenTogether = arrows.map((one) =>
    arrows.map((other) => one !== other && areSeenTogether(one, other, [...states.keys()])),
  );
  const places = arrows.map((arrow) =>
    placesOf(arrow).map((place) => ({ ...place, cost: place.cost + costOf(place.label, arrow, labelling) })),
  );
  const chosen = places.map((of) => [...of].sort((one, other) => one.cost - other.cost)[0]?.label as Label);
  for (let round = 0; round < ROUNDS; round += 1) {
    arrows.forEach((_, index) => {
      const neighbours = chosen.filter((_, other) => seenTogether[index]?.[other]);
      const dear = ({ label, cost }: Place) =>
        cost + neighbours.reduce((sum, { box }) => sum + 30 * overlap(label.box, box, 2), 0);
      const best = (places[index] ?? []).reduce((one, other) => (dear(other) < dear(one) ? other : one));
      chosen[index] = best.label;
    });
  }
  return chosen;
}

/** @returns Whether two arrows have their labels shown at the same time: both can be taken in a state, or one has led to it. */
export function areSeenTogether(one: Labelled, other: Labelled, states: readonly string[]): boolean {
  return states.some((state) => {
    const leaves = ({ from }: Labelled) => isIn(state, from);
    const enters = ({ to }: Labelled) => isIn(state, to);
    return (leaves(one) && leaves(other)) || (leaves(one) && enters(other)) || (enters(one) && leaves(other));
  });
}

const isIn = (path: string, group: string): boolean => `${path}.`.startsWith(`${group}.`);

interface Place {
  readonly label: Label;
  readonly cost: number;
}

function placesOf({ points, lines }: Labelled): Place[] {
  const width = Math.max(0, ...lines.map((line) => line.length)) * CHARACTER;
  const height = lines.length * LABEL_LINE;
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
    return ALONG.flatMap((along) => {
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
  for (const state of states.values()) cost += 30 * overlap(box, state, 2);
  for (const other of others) cost += 10 * overlap(box, other, 0);
  for (const other of arrows) {
    const share = other === arrow ? 0.25 : 0.8;
    other.points.slice(1).forEach((end, index) => {
      cost += share * lengthInside(other.points[index] as Point, end, box);
    });
  }
  return cost;
}

/** @returns The area that two boxes share, the first made larger on every side. */
export function overlap(one: Box, other: Box, margin: number): number {
  const wide = Math.min(one.right + margin, other.right) - Math.max(one.left - margin, other.left);
  const high = Math.min(one.bottom + margin, other.bottom) - Math.max(one.top - margin, other.top);
  return wide > 0 && high > 0 ? wide * high : 0;
}

/** @returns How much of a line lies in a box. */
function lengthInside(start: Point, end: Point, box: Box): number {
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
