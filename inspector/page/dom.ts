/** @returns The element of this page with that id, as what it is. @throws Error if there is none. */
export function byId<Kind extends Element>(id: string, kind: abstract new () => Kind): Kind {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${kind.name} #${id}`);
  return found;
}

type Attributes = Readonly<Record<string, string | number>>;

/** @returns A new HTML element. Its text is set as text. */
export const html = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Element | string)[]
): HTMLElementTagNameMap[Tag] => finish(document.createElement(tag), attributes, children);

/** @returns A new SVG element. Its text is set as text. */
export const svg = <Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly (Element | string)[]
): SVGElementTagNameMap[Tag] =>
  finish(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);

function finish<Kind extends Element>(
  element: Kind,
  attributes: Attributes,
  children: readonly (Element | string)[],
): Kind {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children); // a string becomes a text node
  return element;
}

/** Sets the text of an element, if it is another one: a live region would read it out again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
