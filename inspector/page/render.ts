import type { Graph, Viz } from '@viz-js/viz';

/**
 * Ways to lay a chart out, the nicest first. Of some charts with groups and labels Graphviz says `trouble in init_rank` and places
 * states outside of their groups; another way of ranking helps.
 */
const WAYS: readonly Readonly<Record<string, string | number | boolean>>[] = [
  {},
  { newrank: true },
  { newrank: true, rankdir: 'LR' },
];

/** @returns Where Graphviz places a graph, in its format `json0`; nothing if it fails in every way. */
export function render(viz: Viz, graph: Graph): string | undefined {
  for (const way of WAYS) {
    const result = viz.render(
      { ...graph, graphAttributes: { ...graph.graphAttributes, ...way } },
      { format: 'json0' },
    );
    if (result.status === 'success' && !result.errors.some(({ level }) => level === 'error'))
      return result.output;
  }
  return undefined;
}
