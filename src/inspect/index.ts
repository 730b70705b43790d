/** Watch the machine in the Stately inspector, or in a panel of your own, without showing it anything private. */
import type { InspectionEvent } from 'xstate';
import { surface } from '../host/surface.js';
import { createNames, type Names } from './names.js';
import { read, readText } from './read.js';
import { configOf, isOwnMachine, redactDefinition, redactEvent, redactSnapshot } from './redact.js';

/**
 * One message of the Stately inspector's protocol (`@statelyai/inspect` 0.7), which holds only what is allowed. In every id and
 * name, what looks like an identifier (a VIN, a UUID, a phone number, an e-mail address) is shortened to its first characters.
 */
export type SafeInspectionMessage = {
  /** The actor that it is about. */
  readonly sessionId: string;
  /** The root of the actor system that the actor is in. */
  readonly rootId: string;
  /** Epoch ms, as text. */
  readonly createdAt: string;
  /** Different for every message of an inspector. */
  readonly id: string;
  /** The version of the protocol. */
  readonly _version: string;
} & (
  | {
      /** An actor was created. */
      readonly type: '@xstate.actor';
      /** The id of its machine; of another actor its own id. */
      readonly name: string;
      /** The actor that it is a child of. */
      readonly parentId: string | undefined;
      /** JSON: the structure of a machine; of another actor its name. */
      readonly definition: string;
      /** Its first state, as in `@xstate.snapshot`. */
      readonly snapshot: Readonly<Record<string, unknown>>;
    }
  | {
      /** An actor receives an event. */
      readonly type: '@xstate.event';
      /** The actor that sent it, if one did. */
      readonly sourceId: string | undefined;
      /** Its type; of an event that a machine of this package receives also ids, counts and codes. */
      readonly event: Readonly<Record<string, unknown>>;
    }
  | {
      /** An actor has a new state. */
      readonly type: '@xstate.snapshot';
      /** The event that led to it, as in `@xstate.event`. */
      readonly event: Readonly<Record<string, unknown>>;
      /** Status and state; of a machine of this package also its counts and failure. */
      readonly snapshot: Readonly<Record<string, unknown>>;
    }
);

/** Where messages go: a function, or an inspector of `@statelyai/inspect`, whose adapter takes them. */
export type SafeInspectionTarget =
  | ((message: SafeInspectionMessage) => void)
  | {
      /** What the inspector sends with. */
      readonly adapter: {
        /** Takes one message. */
        send(message: never): void;
      };
    };

/** The version of the protocol's package that the messages are written for. */
const PROTOCOL_VERSION = '0.7.2';

/**
 * Makes an `inspect` option that tells an inspector which states the machine is in, which events it received, counts and codes,
 * and the structure of the chart. Of other actors of the same system it tells states and types of events, with names shortened.
 *
 * It never throws into the actor system: what `target` or `now` throws surfaces as an uncaught error of its own.
 *
 * @example
 * createStrongAuth({ transport, enterPin, inspect: createSafeInspector(createBrowserInspector()) });
 */
export function createSafeInspector(
  target: SafeInspectionTarget,
  { now = Date.now }: { readonly now?: () => number } = {},
): (event: InspectionEvent) => void {
  const names = createNames();
  let messages = 0;

  return (inspected) => {
    let content: Content | undefined;
    try {
      content = contentOf(inspected, names);
    } catch {
      // It is made so that it cannot be read: there is nothing to send, and nobody to blame.
    }
    if (!content) return;
    messages += 1;
    try {
      const message: SafeInspectionMessage = {
        ...content,
        createdAt: String(now()),
        id: `safe-${messages}`,
        _version: PROTOCOL_VERSION,
      };
      if (typeof target === 'function') target(message);
      else adapterOf(target).send(message as never);
    } catch (error) {
      surface(error);
    }
  };
}

type WithoutFrame<Message> = Message extends unknown ? Omit<Message, 'createdAt' | 'id' | '_version'> : never;
type Content = WithoutFrame<SafeInspectionMessage>;

function contentOf(inspected: InspectionEvent, names: Names): Content | undefined {
  const actorRef = read(inspected, 'actorRef');
  const idOf = (from: unknown, key: string) => {
    const id = readText(from, key);
    return id === undefined ? undefined : names.actorId(id);
  };
  const base = {
    sessionId: idOf(actorRef, 'sessionId') ?? '',
    rootId: idOf(inspected, 'rootId') ?? '',
  };
  const event = () => redactEvent(read(inspected, 'event'), isOwnMachine(actorRef), names);
  const type = read(inspected, 'type');

  if (type === '@xstate.actor') {
    const config = configOf(actorRef);
    const name = idOf(config, 'id') ?? idOf(actorRef, 'id') ?? base.sessionId;
    return {
      ...base,
      type,
      name,
      parentId: idOf(read(actorRef, '_parent'), 'sessionId'),
      definition: JSON.stringify(config ? redactDefinition(config, names) : { id: name }),
      snapshot: redactSnapshot(snapshotOf(actorRef), actorRef, names),
    };
  }
  if (type === '@xstate.event') {
    const sourceId = idOf(read(inspected, 'sourceRef'), 'sessionId');
    return { ...base, type, sourceId, event: event() };
  }
  if (type === '@xstate.snapshot') {
    const snapshot = redactSnapshot(read(inspected, 'snapshot'), actorRef, names);
    return { ...base, type, event: event(), snapshot };
  }
  return undefined;
}

/** An actor that is being made has none yet, and says so by throwing. Its first snapshot comes in a message of its own. */
function snapshotOf(actorRef: unknown): unknown {
  try {
    return (actorRef as { getSnapshot(): unknown }).getSnapshot();
  } catch {
    return undefined;
  }
}

/** Where there is no window, `createBrowserInspector` returns an adapter in the place of an inspector. */
function adapterOf(target: Exclude<SafeInspectionTarget, (message: never) => void>) {
  return (
    (target.adapter as typeof target.adapter | undefined) ?? (target as unknown as typeof target.adapter)
  );
}
