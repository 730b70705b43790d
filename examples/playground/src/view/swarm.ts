import type { CallLife } from '../journal.js';

/** Every call as one small square, in the colour of what it does. */
export interface Swarm {
  /** @param calls All of them; nothing hides the picture. */
  draw(calls: readonly CallLife[]): void;
  /** The colours of the page have changed. */
  restyle(): void;
}

const GAP = 1;
const ROWS_AT_MOST = 12;
/** How long a picture of calls that are under way stands at least, in ms. */
const REST_MS = 60;

export function createSwarm(canvas: HTMLCanvasElement): Swarm {
  const context = canvas.getContext('2d');
  const colours = new Map<string, string>();
  let [width, height] = [0, 0];
  let drawn = '';
  let restsUntil = 0;
  let latest: readonly CallLife[] = [];

  // Asked once, not for every picture: each time, the browser would have to lay the page out first.
  const colourOf = (kind: string): string => {
    const known = colours.get(kind);
    if (known !== undefined) return known;
    const probe = document.createElement('i');
    probe.style.color = `var(--${kind})`;
    canvas.after(probe);
    const colour = getComputedStyle(probe).color;
    probe.remove();
    colours.set(kind, colour);
    return colour;
  };

  const paint = () => {
    const now = performance.now();
    if (!context || latest.length === 0 || width === 0) return;
    if (now < restsUntil && latest.some(({ outcome }) => outcome === 'pending')) return;
    restsUntil = now + REST_MS;
    const cell = cellFor(latest.length, width, height);
    const columns = Math.max(1, Math.floor(width / cell));
    const fits = columns * Math.max(1, Math.floor(height / cell));
    const kinds = latest.slice(-fits).map(kindOf);
    const picture = `${cell} ${columns} ${kinds.join()}`;
    if (picture === drawn) return;
    drawn = picture;
    context.clearRect(0, 0, width, height);
    for (const kind of new Set(kinds)) {
      context.fillStyle = colourOf(kind);
      kinds.forEach((other, index) => {
        if (other !== kind) return;
        context.fillRect(
          (index % columns) * cell,
          Math.floor(index / columns) * cell,
          cell - GAP,
          cell - GAP,
        );
      });
    }
  };

  new ResizeObserver(([entry]) => {
    if (!entry || entry.contentRect.width === 0) return;
    ({ width, height } = entry.contentRect);
    const scale = window.devicePixelRatio;
    [canvas.width, canvas.height] = [width * scale, height * scale];
    context?.scale(scale, scale);
    drawn = '';
    restsUntil = 0;
    paint();
  }).observe(canvas);

  return {
    draw(calls) {
      latest = calls;
      canvas.hidden = calls.length === 0;
      paint();
    },
    restyle() {
      colours.clear();
      drawn = '';
    },
  };
}

/** @returns The largest square of which so many fit. */
function cellFor(count: number, width: number, height: number): number {
  for (let rows = 1; rows <= ROWS_AT_MOST; rows += 1) {
    const cell = height / rows;
    if (Math.floor(width / cell) * rows >= count) return cell;
  }
  return height / ROWS_AT_MOST;
}

function kindOf({ outcome, stretches }: CallLife): string {
  if (outcome === 'pending') return stretches.at(-1)?.kind ?? 'flight';
  return outcome === 'succeeded' ? 'good' : outcome === 'aborted' ? 'ink-3' : 'bad';
}
