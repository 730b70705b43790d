/** What is known of the SDK's APIs: the types of every call of SDK 2.3, and a catalogue of APIs and errors. */

export type * from './api-map.generated.js';
export type * from './api-types.js';
export {
  type ApiDescription,
  apis,
  canChallenge,
  type Disagreement,
  describeError,
  disagreements,
  type ErrorDescription,
  errors,
  type ParameterDescription,
  type StrongAuthRole,
} from './catalogue.js';
export type * from './wire.js';
