/** @returns The element of this page with that id, as what it is. @throws Error if there is none: the page and its code disagree. */
export function byId<Kind extends Element>(id: string, kind: abstract new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

/** What an element is made with, beside its children. */
export interface Made {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
}

/** @returns A new HTML element. Texts are set as text: nothing that arrives is ever read as markup. */
export function html<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  made: Made = {},
  ...children: readonly Element[]
): HTMLElementTagNameMap[Tag] {
  return finish(document.createElement(tag), made, children);
}

/** @returns A new SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  made: Made = {},
  ...children: readonly Element[]
): SVGElementTagNameMap[Tag] {
  return finish(document.createElementNS('http://www.w3.org/2000/svg', tag), made, children);
}

function finish<Kind extends Element>(
  element: Kind,
  { class: names, text, attributes }: Made,
  children: readonly Element[],
): Kind {
  if (names !== undefined) element.setAttribute('class', names);
  if (text !== undefined) element.textContent = text;
  for (const [name, value] of Object.entries(attributes ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Sets the text of an element, if it is another one: a live region would read it out again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets the text of an element to a code, such as `PIN_ENTRY_TIMED_OUT`, which may be broken between its words. */
export function setCode(element: Element, code: string): void {
  if (element.textContent === code) return;
  const parts = code.split(/(?<=_)/);
  element.replaceChildren(...parts.flatMap((part, index) => (index === 0 ? [part] : [html('wbr'), part])));
}

/** @returns What the user is asked for, the first by its name. */
export function purposeOf([first, ...others]: readonly string[]): string {
  if (first === undefined) return 'for what comes next';
  if (others.length === 0) return `for ${first}`;
  return `for ${first} and ${others.length} more ${others.length === 1 ? 'call' : 'calls'}`;
}

/** Calls `draw` once before the next picture, however often it is asked for. @returns How to ask for it. */
export function eachFrame(draw: () => void): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    requestAnimationFrame(() => {
      isAsked = false;
      draw();
    });
  };
}

/** How many new lines at once are more than anybody can read. */
const MANY = 8;
/** How often a list that gets so many is drawn, in ms. */
const REST_MS = 250;

/** Lets a list that gets many lines in every frame rest between them. @returns Whether it is to be drawn, given how many are new. */
export function restful(): (fresh: number) => boolean {
  let restsUntil = 0;
  return (fresh) => {
    const now = performance.now();
    if (fresh > MANY && now < restsUntil) return false;
    if (fresh > MANY) restsUntil = now + REST_MS;
    return true;
  };
}
