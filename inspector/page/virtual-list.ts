/** How many rows beyond those in view are drawn, so that scrolling shows no gap. */
const BEYOND = 6;

/** A long list of which only the rows in view are in the document. Every row is equally high. */
export interface VirtualList<Item> {
  /** @param count How many items there are. @param at Gives the one at a place; called until the next `draw`. */
  draw(count: number, at: (index: number) => Item): void;
  /** Scrolls until an item is in view. */
  show(index: number): void;
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
  /** Kept, since asking for it lays the page out. */
  let viewHeight = 0;

  const fillView = (): void => {
    const first = Math.max(0, Math.floor((scroller.scrollTop - list.offsetTop) / height) - BEYOND);
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
  };
  const fillSoon = () => {
    if (isWaiting) return;
    isWaiting = true;
    requestAnimationFrame(() => {
      isWaiting = false;
      fillView();
    });
  };
  scroller.addEventListener('scroll', fillSoon, { passive: true });
  new ResizeObserver(() => {
    viewHeight = scroller.clientHeight;
    fillSoon();
  }).observe(scroller);

  return {
    draw(newCount, newAt) {
      count = newCount;
      at = newAt;
      const total = `${count * height}px`;
      if (list.style.height !== total) list.style.height = total;
      fillView();
    },
    show(index) {
      const top = list.offsetTop + index * height;
      if (top >= scroller.scrollTop && top + height <= scroller.scrollTop + viewHeight) return;
      scroller.scrollTop = top - viewHeight / 2;
      fillView();
    },
  };
}
