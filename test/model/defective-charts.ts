import { recoveryMachine, strongAuthMachine } from 'strong-auth-machine/machine';
import type { ChartEdge } from 'strong-auth-machine/testing';
import { recoverySetup } from '../../machines/recovery/recovery.setup.js';
import { strongAuthSetup } from '../../machines/strong-auth/strong-auth.setup.js';

type Config = Record<string, unknown>;
export type Chart = typeof strongAuthMachine;

/** @returns The chart without one of its transitions. */
export function withoutEdge({ source, event, candidate }: ChartEdge): Chart {
  return changed((root) => {
    const state = source === '(any state)' ? root : find(root, source.split('.'));
    const delay = /^xstate\.after\.(\w+)\./.exec(event)?.[1];
    const [group, name] = delay ? ['after', delay] : event === '' ? ['', 'always'] : ['on', event];
    const holder = group ? (state[group] as Config) : state;
    const candidates = [holder[name]].flat();
    candidates.splice(candidate, 1);
    holder[name] = candidates;
  });
}

/** @returns The chart with a change of its config. */
export const changed = (change: (root: Config) => void): Chart =>
  strongAuthSetup.createMachine(changedConfig(strongAuthMachine, change) as never) as unknown as Chart;

/** @returns The chart of the recovery with a change of its config. */
export const changedRecovery = (change: (root: Config) => void): typeof recoveryMachine =>
  recoverySetup.createMachine(changedConfig(recoveryMachine, change) as never) as never;

function changedConfig({ config }: { readonly config: object }, change: (root: Config) => void): Config {
  const copied = copy(config) as Config;
  change(copied);
  return copied;
}

/** @returns The config of the state at this path. */
export function find(root: Config, path: readonly string[]): Config {
  return path.reduce((state, name) => (state.states as Record<string, Config>)[name] as Config, root);
}

/** Functions are kept: they are the params of the chart. */
function copy(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copy);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, copy(inner)]));
}
