import type { CallOptions } from '../calls/call-options.js';
import type { ApiParameters } from '../messages/message.js';
import type { Subscription, SubscriptionEvent } from '../messages/subscription.js';
import type {
  GetApis,
  GetApiWithoutParameters,
  SetApis,
  SetApiWithoutParameters,
  SubscribeApis,
} from './api-map.generated.js';

/*
 * How a call gets its types. Each verb has one signature for the APIs of SDK 2.3 and one for any other name, and each call
 * must be measured against exactly one of them: only then does the compiler's error stand at the parameter that is wrong,
 * instead of "no overload matches". That is what `NotForKnownApis` is for.
 */

/** What one variant of an API takes and gives. */
export interface ApiVariant {
  /** What it takes. */
  readonly parameters: unknown;
  /** What it resolves with, or what its events bring. */
  readonly result: unknown;
}

/** The APIs that can be read. */
export type GetApi = keyof GetApis;
/** The APIs that can be written or commanded. */
export type SetApi = keyof SetApis;
/** The APIs that can be subscribed to. */
export type SubscribeApi = keyof SubscribeApis;

/** What `get` takes for an API: a union with one member for each variant. */
export type GetParameters<Api extends GetApi> = GetApis[Api]['parameters'];
/** What `set` takes for an API: a union with one member for each variant. */
export type SetParameters<Api extends SetApi> = SetApis[Api]['parameters'];
/** What `subscribe` takes for an API: a union with one member for each variant. */
export type SubscribeParameters<Api extends SubscribeApi> = SubscribeApis[Api]['parameters'];

/** What `get` resolves with, for the given parameters or for any. */
export type GetResult<Api extends GetApi, Parameters = GetParameters<Api>> = ResultOf<
  GetApis[Api],
  Parameters
>;
/** What `set` resolves with unless the SDK leaves it out, for the given parameters or for any. */
export type SetResult<Api extends SetApi, Parameters = SetParameters<Api>> = ResultOf<
  SetApis[Api],
  Parameters
>;
/** What the events of a subscription bring, for the given parameters or for any. */
export type SubscribeResult<Api extends SubscribeApi, Parameters = SubscribeParameters<Api>> = ResultOf<
  SubscribeApis[Api],
  Parameters
>;

/** The variants that take these parameters. */
type Fitting<Variant extends ApiVariant, Parameters> = Variant extends unknown
  ? Parameters extends Variant['parameters']
    ? Variant
    : never
  : never;

/** The same; or all of them, where the parameters are a union that no single variant takes. */
type Chosen<Variant extends ApiVariant, Parameters> = [Fitting<Variant, Parameters>] extends [never]
  ? Variant
  : Fitting<Variant, Parameters>;

type ResultOf<Variant extends ApiVariant, Parameters> = Chosen<Variant, Parameters>['result'];

type KeyOf<Type> = Type extends unknown ? keyof Type : never;

/** Nothing is assignable to it: the API has no parameter of that name. */
export interface UnknownParameter<Name> {
  /** The parameter, for whoever reads the compiler's error. */
  readonly 'unknown parameter': Name;
  /** Keeps every value out. */
  readonly ' never': never;
}

/** Nothing is assignable to it: the API cannot be called without parameters. */
export interface NeedsParameters<Api> {
  /** The API, for whoever reads the compiler's error. */
  readonly 'needs parameters': Api;
  /** Keeps every value out. */
  readonly ' never': never;
}

type Unknown<Variant extends ApiVariant, Parameters> = Exclude<
  keyof Parameters,
  KeyOf<Chosen<Variant, Parameters>['parameters']>
>;

/** A type parameter switches the compiler's own check for superfluous properties off. This is it. */
type NoUnknown<Variant extends ApiVariant, Parameters> = [Unknown<Variant, Parameters>] extends [never]
  ? unknown
  : { readonly [Name in Unknown<Variant, Parameters>]: UnknownParameter<Name> };

/**
 * The rest of the arguments for a name that the SDK's reference does not know. For one that it knows they are too many, so
 * that the signature drops out by its number of arguments, before its types could add to the error.
 */
type NotForKnownApis<Api, Known, Rest extends readonly unknown[]> = Api extends Known
  ? [never, never, never, never, never, never, never, never]
  : Rest;

type UntypedRest<Options> = [parameters?: ApiParameters, options?: Options];
type UntypedSubscribeRest<Result, Options> = [
  parameters: ApiParameters | undefined,
  onResult: (event: SubscriptionEvent<Result>) => void,
  options?: Options,
];

/**
 * Calls typed by the name of the API, then by what tells its variants apart (mostly `action` or `type`), then by parameters:
 * every API of SDK 2.3. Any other name is accepted without types. So is an explicit result, `get<Result>(api, ...)`, which is
 * the way out for an SDK that differs from its reference.
 *
 * @typeParam Options What a call may ask for itself.
 */
export interface TypedCalls<Options = CallOptions> {
  /** Reads. Resolves with the result. */
  get<Api extends GetApi, const Parameters extends GetParameters<Api>>(
    api: Api,
    parameters: Parameters & NoUnknown<GetApis[Api], Parameters>,
    options?: Options,
  ): Promise<GetResult<Api, Parameters>>;
  get<Api extends GetApi>(
    api: Api extends GetApiWithoutParameters ? Api : Api & NeedsParameters<Api>,
  ): Promise<GetResult<Api, undefined>>;
  get<Result = unknown, Api extends string = string>(
    api: Api,
    ...rest: NotForKnownApis<Api, GetApi, UntypedRest<Options>>
  ): Promise<Result>;

  /** Writes or commands. Resolves with the result, which the SDK may leave out. */
  set<Api extends SetApi, const Parameters extends SetParameters<Api>>(
    api: Api,
    parameters: Parameters & NoUnknown<SetApis[Api], Parameters>,
    options?: Options,
  ): Promise<SetResult<Api, Parameters> | undefined>;
  set<Api extends SetApi>(
    api: Api extends SetApiWithoutParameters ? Api : Api & NeedsParameters<Api>,
  ): Promise<SetResult<Api, undefined> | undefined>;
  set<Result = unknown, Api extends string = string>(
    api: Api,
    ...rest: NotForKnownApis<Api, SetApi, UntypedRest<Options>>
  ): Promise<Result | undefined>;

  /**
   * Registers for events. Resolves after the acknowledgement. `onResult` gets each event once, none after `unsubscribe`,
   * `reset` or `dispose`, or after `options.signal` aborts.
   */
  subscribe<Api extends SubscribeApi, const Parameters extends SubscribeParameters<Api>>(
    api: Api,
    parameters: Parameters & NoUnknown<SubscribeApis[Api], Parameters>,
    onResult: (event: SubscriptionEvent<SubscribeResult<Api, Parameters>>) => void,
    options?: Options,
  ): Promise<Subscription>;
  subscribe<Result = unknown, Api extends string = string>(
    api: Api,
    ...rest: NotForKnownApis<Api, SubscribeApi, UntypedSubscribeRest<Result, Options>>
  ): Promise<Subscription>;
}
