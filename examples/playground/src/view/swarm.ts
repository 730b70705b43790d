import type { CallLife } from '../journal.js';

/** Every call as one small square, in the colour of what it does. */
export interface Swarm {
  /** @param calls All of them; nothing hides the picture. */
  draw(calls: readonly CallLife[]): void;
}

const GAP = 1;
const ROWS_AT_MOST = 12;

export function createSwarm(canvas: HTMLCanvasElement): Swarm {
  const context = canvas.getContext('2d');
  let drawn = '';

  return {
    draw(calls) {
      canvas.hidden = calls.length === 0;
      if (!context || calls.length === 0) return;
      const { clientWidth, clientHeight } = canvas;
      const scale = window.devicePixelRatio;
      const styles = getComputedStyle(canvas);
      const cell = cellFor(calls.length, clientWidth, clientHeight);
      const columns = Math.max(1, Math.floor(clientWidth / cell));
      const fits = columns * Math.max(1, Math.floor(clientHeight / cell));
      const shown = calls.slice(-fits);
      const kinds = shown.map(kindOf);
      const picture = `${clientWidth} ${clientHeight} ${scale} ${styles.getPropertyValue('--flight')} ${kinds.join()}`;
      if (picture === drawn) return;
      drawn = picture;
      canvas.width = clientWidth * scale;
      canvas.height = clientHeight * scale;
      context.scale(scale, scale);
      const colours = new Map(
        [...new Set(kinds)].map((kind) => [kind, styles.getPropertyValue(`--${kind}`)]),
      );
      kinds.forEach((kind, index) => {
        context.fillStyle = colours.get(kind) ?? '';
        context.fillRect(
          (index % columns) * cell,
          Math.floor(index / columns) * cell,
          cell - GAP,
          cell - GAP,
        );
      });
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
