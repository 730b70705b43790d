import type { Box, Point } from '../../../scripts/chart-layout.js';
import type { Label } from './place-labels.js';

/** One state, where it stands in the picture. */
export interface DrawnState {
  /** Its path in the machine, for example `wave.requestingOtp.withPin`. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** What it means for a screen: `settled`, `awaitingUser`, `busy`, or nothing. */
  readonly tag: string;
  /** Whether it is on the way that everything takes when nothing goes wrong. */
  readonly isHappy: boolean;
  readonly isFinal: boolean;
  /** Whether it is left at once. */
  readonly isPassedThrough: boolean;
  /** A state without states in it. */
  readonly box?: Box;
  /** A group: its outline as SVG path data, and where its name begins. */
  readonly outline?: string;
  readonly title?: Point;
}

/** All transitions from one state or group to another. */
export interface DrawnArrow {
  readonly from: string;
  readonly to: string;
  /** For example `pin.malformed [canBeMalformedAgain]`. */
  readonly labels: readonly string[];
  readonly isHappy: boolean;
  /** Its events in brief; nothing on arrows that need none. */
  readonly label?: Pick<Label, 'at' | 'anchor' | 'lines'>;
  /** Its line and its head, as SVG path data. */
  readonly line: string;
  readonly head: string;
}

/** A chart with its layout, made when the page is built. */
export interface DrawnChart {
  readonly width: number;
  readonly height: number;
  readonly states: readonly DrawnState[];
  readonly arrows: readonly DrawnArrow[];
  /** The dots before initial states. */
  readonly marks: readonly { readonly at: Point; readonly line: string; readonly head: string }[];
  /** Events that are answered in every state, and where they lead. */
  readonly everywhere: readonly { readonly event: string; readonly to: string }[];
}
