import type { AnyStateMachine, AnyStateNode } from 'xstate';

/** @returns Every state of a chart, the chart itself first. */
export function nodesOf({ root }: Pick<AnyStateMachine, 'root'>): AnyStateNode[] {
  const nodes: AnyStateNode[] = [];
  (function collect(node: AnyStateNode) {
    nodes.push(node);
    for (const child of Object.values(node.states)) collect(child);
  })(root);
  return nodes;
}
