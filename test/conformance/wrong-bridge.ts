import { type ApiRequest, fromPims, type Pims, type Transport } from 'strong-auth-machine';

export type Sdk = Required<Pims>;
export type Callback = (message: unknown) => void;

/** A message as the SDK sends it. */
export interface Message {
  readonly status: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number | string; readonly label: string };
}

/** A bridge with one mistake of the kind that people make. */
export interface WrongBridge {
  /** The mistake, as its author might put it. */
  readonly mistake: string;
  readonly create: (sdk: Sdk) => Transport;
  /** The checks that fail, in order. Those that build on them wait. */
  readonly fails: readonly [string, ...string[]];
  /** What the last of them must say to do. */
  readonly fix: RegExp;
}

/** A right bridge whose `send` is changed. */
export const sending =
  (change: (send: Transport['send'], sdk: Sdk) => Transport['send']) =>
  (sdk: Sdk): Transport => {
    const right = fromPims(sdk);
    return { ...right, send: change(right.send, sdk) };
  };

/** A right bridge that reaches the SDK with changed requests. */
export const requesting = (change: (request: ApiRequest) => ApiRequest) =>
  sending((send) => (request, options) => send(change(request), options));

/** A right bridge whose `subscribe` is changed. */
export const subscribing =
  (change: (sdk: Sdk) => NonNullable<Transport['subscribe']>) =>
  (sdk: Sdk): Transport => ({ ...fromPims(sdk), subscribe: change(sdk) });

export const messageOf = (value: unknown): Message => value as Message;
