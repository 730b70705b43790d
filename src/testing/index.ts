/** The test kit: every path through the lifecycle, for your own app. See docs/guides/model-based-testing.md. */
export * from './conformance/index.js';
export * from './coverage.js';
export * from './driver.js';
export * from './events.js';
export * from './graph.js';
export * from './liveness.js';
export * from './paths.js';
export * from './play.js';
export * from './projection.js';
export * from './scripted.js';
export * from './world.js';
export {
  type Observation,
  observationOf,
  type World,
  type WorldCall,
  type WorldCallKind,
  type WorldOptions,
} from './world-state.js';
