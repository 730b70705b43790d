import type { Spread } from './measure.js';

const digits = (value: number) => (value >= 100 ? 0 : value >= 10 ? 1 : 2);

/** @returns The middle, and the ends in brackets. */
export const spreadIn = (unit: string, { median, min, max }: Spread): string =>
  `${median.toFixed(digits(median))} ${unit} (${min.toFixed(digits(min))}–${max.toFixed(digits(max))})`;

/** @returns How many times as much. */
export const timesAsMuch = (a: number, b: number): string => `${(a / b).toFixed(digits(a / b))}×`;

/** @returns A table in Markdown. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Replaces what stands between the two marks of `name`. The prose around them is written by people, and stays. */
export function fill(document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the document has no place for ${name}`);
  return `${document.slice(0, from + begin.length)}\n\n${content}\n\n${document.slice(to)}`;
}
