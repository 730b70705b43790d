/** One state, where it stands in the picture. */
export interface DrawnState {
  /** Its path in the machine, for example `requestingOtp.withPin`. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  /** What it means for a screen: `settled`, `awaitingUser`, `busy`, or nothing. */
  readonly tag: string;
  readonly isFinal: boolean;
  /** Whether other states are drawn inside it. */
  readonly isParent: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** All transitions from one state to another. */
export interface DrawnArrow {
  readonly from: string;
  readonly to: string;
  /** For example `pin.malformed [hasPatience]`. */
  readonly labels: readonly string[];
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
  /** Events that are answered in every state, and where they lead. */
  readonly everywhere: readonly { readonly event: string; readonly to: string }[];
}
