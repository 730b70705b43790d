/** How many rows beyond those in view are drawn, so that scrolling shows no gap. */
const BEYOND = 6;

/** A long list of which only the rows in view are in the document. Every row is equally high. */
export interface VirtualList<Item> {
  /**
   * @param count How many items there are.
   * @param at Gives the one at a place; called until the next `draw`.
   * @param place One that is scrolled into view.
   */
  draw(count: number, at: (index: number) => Item, place?: number): void;
  /** Whether the first row, or the last, is in view. */
  readonly isAtBeginning: boolean;
  readonly isAtEnd: boolean;
  /** Rows were added above those in view, which stay where they are. Before `draw`. */
  growAbove(rows: number): void;
}

/** What the rows of a list are. */
export interface Rows<Item> {
  /** In pixels. */
  readonly height: number;
  /** Two rows with the same key are the same: it keeps the focus. */
  readonly keyOf: (item: Item) => number;
  readonly make: () => HTMLElement;
  /** Fills a row, which may have been that of another item. */
  readonly fill: (row: HTMLElement, item: Item) => void;
}

/** Keeps `list`, inside the element that scrolls, filled with the rows in view. */
export function createVirtualList<Item>(
  scroller: HTMLElement,
  list: HTMLElement,
  { height, keyOf, make, fill }: Rows<Item>,
): VirtualList<Item> {
  let count = 0;
  let at: (index: number) => Item;
  let shown = new Map<number, HTMLElement>();
  let isWaiting = false;
  /** Kept, since asking for them lays the page out: nothing is read between what is written. */
  let viewHeight = 0;
  let offset = 0;
  let top = 0;
  /** Where the scroller still has to be scrolled to. */
  let isMoved = false;

  const fillView = (): void => {
    // A list that has become shorter is scrolled back by the browser.
    const from = Math.min(top, Math.max(0, offset + count * height - viewHeight));
    const first = Math.max(0, Math.floor((from - offset) / height) - BEYOND);
    const end = Math.min(count, first + Math.ceil(viewHeight / height) + 2 * BEYOND);
    const wanted = Array.from({ length: Math.max(0, end - first) }, (_, index) => at(first + index));
    const keys = new Set(wanted.map(keyOf));
    const spare = [...shown].filter(([key]) => !keys.has(key)).map(([, row]) => row);
    const next = new Map<number, HTMLElement>();
    wanted.forEach((item, index) => {
      const key = keyOf(item);
      const row = shown.get(key) ?? spare.pop() ?? make();
      fill(row, item);
      row.style.top = `${(first + index) * height}px`;
      // Rows that stay are not moved: whoever is in one with the keyboard stays there.
      if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null);
      next.set(key, row);
    });
    while (list.children.length > wanted.length) list.lastElementChild?.remove();
    shown = next;
    if (!isMoved) return;
    isMoved = false;
    scroller.scrollTop = top;
  };
  const fillSoon = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      fillView();
    });
  };
  const onScroll = () => {
    top = scroller.scrollTop;
    fillSoon();
  };
  scroller.addEventListener('scroll', onScroll, { passive: true });
  new ResizeObserver(() => {
    viewHeight = scroller.clientHeight;
    offset = list.offsetTop;
    onScroll();
  }).observe(scroller);

  return {
    get isAtBeginning() {
      return top <= 0;
    },
    get isAtEnd() {
      return top + viewHeight >= offset + (count - 1) * height;
    },
    growAbove(rows) {
      top += rows * height;
      isMoved = true;
    },
    draw(newCount, newAt, place) {
      count = newCount;
      at = newAt;
      const total = `${count * height}px`;
      if (list.style.height !== total) list.style.height = total;
      if (place !== undefined) {
        const itemTop = offset + place * height;
        if (itemTop < top || itemTop + height > top + viewHeight) {
          const last = offset + count * height - viewHeight;
          top = Math.max(0, Math.min(itemTop - viewHeight / 2, last));
          isMoved = true;
        }
      }
      fillView();
    },
  };
}
