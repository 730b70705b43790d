import type { CallOptions } from '../calls/call-options.js';
import type { ApiParameters, ApiRequest, SucceededMessage, Verb } from '../messages/message.js';
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
 * instead of "no overload matches". That is what `NotForSdkApis` is for.
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

/** More arguments than anybody gives: a signature that takes them drops out, before its types could add to the error. */
type NoSignature = [never, never, never, never, never, never, never, never];

/** How the names of the SDK's APIs begin. Other names are an app's own. */
type SdkApi = `pims.${string}`;

/** The rest of the arguments for a name of the app's own. For one of the SDK's there is none of this signature. */
type NotForSdkApis<Api, Rest extends readonly unknown[]> = Api extends SdkApi ? NoSignature : Rest;

type UntypedRest<Options> = [parameters?: ApiParameters, options?: Options];
type UntypedSubscribeRest<Result, Options> = [
  parameters: ApiParameters | undefined,
  onResult: (event: SubscriptionEvent<Result>) => void,
  options?: Options,
];

/** A request as data. */
type RequestWith<Verb, Api, Parameters> = {
  /** What is asked. */
  readonly verb: Verb;
  /** The name of the API. */
  readonly api: Api;
} & (undefined extends Parameters
  ? {
      /** What goes with it. */
      readonly parameters?: Parameters;
    }
  : {
      /** What goes with it. */
      readonly parameters: Parameters;
    });

/** What `send` takes for an API of the SDK: `const lock = { verb: 'set', … } satisfies SdkRequest`. */
export type SdkRequest =
  | { [Api in GetApi]: RequestWith<'get', Api, GetParameters<Api>> }[GetApi]
  | { [Api in SetApi]: RequestWith<'set', Api, SetParameters<Api>> }[SetApi]
  | RequestWith<'unsubscribe', SubscribeApi, undefined>;

/** Nothing is assignable to it: no API of that name has this verb. */
export interface UnknownApi<Name> {
  /** The name, for whoever reads the compiler's error. */
  readonly 'unknown API': Name;
  /** Keeps every value out. */
  readonly ' never': never;
}

/** What a request must be, by its verb and API. */
export type RequestFor<V extends Verb, Api extends string> = Api extends SdkApi
  ? V extends 'get'
    ? Api extends GetApi
      ? RequestWith<V, Api, GetParameters<Api>>
      : RequestWith<V, UnknownApi<Api>, ApiParameters | undefined>
    : V extends 'set'
      ? Api extends SetApi
        ? RequestWith<V, Api, SetParameters<Api>>
        : RequestWith<V, UnknownApi<Api>, ApiParameters | undefined>
      : Api extends SubscribeApi
        ? ApiRequest
        : RequestWith<V, UnknownApi<Api>, ApiParameters | undefined>
  : ApiRequest;

type Named<V, Api> = { readonly verb: V; readonly api: Api };
type WithParameters<Parameters> = { readonly parameters: Parameters };

/** Keeps unknown parameters out of a request, as `get` and `set` do. */
export type NoUnknownIn<Request> = Request extends Named<infer V, infer Api> &
  WithParameters<infer Parameters>
  ? WithParameters<
      V extends 'get'
        ? Api extends GetApi
          ? NoUnknown<GetApis[Api], Parameters>
          : unknown
        : Api extends SetApi
          ? NoUnknown<SetApis[Api], Parameters>
          : unknown
    >
  : unknown;

/** What a request resolves with, as `get` and `set` do. */
export type RequestResult<Request> =
  Request extends Named<'get', infer Api extends GetApi>
    ? GetResult<Api, ParametersIn<Request>>
    : Request extends Named<'set', infer Api extends SetApi>
      ? SetResult<Api, ParametersIn<Request>>
      : unknown;

type ParametersIn<Request> = Request extends WithParameters<infer Parameters> ? Parameters : undefined;

/**
 * Calls typed by the name of the API, then by what tells its variants apart (mostly `action` or `type`), then by parameters:
 * every API of SDK 2.3. A name that does not begin with `pims.` is accepted without types. So is any name with an explicit result,
 * `get<Result>(api, ...)`, which is the way out for an SDK that differs from its reference.
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
    ...rest: NotForSdkApis<Api, UntypedRest<Options>>
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
    ...rest: NotForSdkApis<Api, UntypedRest<Options>>
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
    ...rest: NotForSdkApis<Api, UntypedSubscribeRest<Result, Options>>
  ): Promise<Subscription>;

  /** Sends a request that is given as data: `get`, `set` or `unsubscribe`. Resolves with the whole SUCCEEDED message. */
  send<V extends Verb, Api extends string, const Request extends RequestFor<V, Api>>(
    request: Request & { readonly verb: V; readonly api: Api } & NoUnknownIn<Request>,
    options?: Options,
  ): Promise<SucceededMessage<RequestResult<Request>>>;
  send<Result = never>(
    ...given: [Result] extends [never] ? NoSignature : [request: ApiRequest, options?: Options]
  ): Promise<SucceededMessage<Result>>;
}
