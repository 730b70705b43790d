/** Shows the machine in the Stately inspector, or in a panel of your own, without anything private. */
import type { InspectionEvent } from 'xstate';
import { surface } from '../host/surface.js';
import { createNames, type Names } from './names.js';
import { read, readText } from './read.js';
import { configOf, isOwnMachine, redactDefinition, redactEvent, redactSnapshot } from './redact.js';

/**
 * One message of the Stately inspector's protocol (`@statelyai/inspect` 0.7), with allowed content only. In
 * every id and name, text that looks like an identifier (a VIN, a UUID, a phone number, an e-mail address) is
 * shortened to its first characters.
 */
export type SafeInspectionMessage = {
  /** The session id of the actor. */
  readonly sessionId: string;
  /** The session id of the root of the actor system. */
  readonly rootId: string;
  /** When the message was made: epoch ms, as text. */
  readonly createdAt: string;
  /** Unique among the messages of one inspector. */
  readonly id: string;
  /** The version of the protocol. */
  readonly _version: string;
} & (
  | {
      /** An actor was created. */
      readonly type: '@xstate.actor';
      /** The id of the actor's machine, or the actor's own id if it runs no machine. */
      readonly name: string;
      /** The session id of the parent actor. */
      readonly parentId: string | undefined;
      /** JSON: the structure of the actor's machine, or only its name if it runs no machine. */
      readonly definition: string;
      /** The actor's first state, as in `@xstate.snapshot`. */
      readonly snapshot: Readonly<Record<string, unknown>>;
    }
  | {
      /** An actor receives an event. */
      readonly type: '@xstate.event';
      /** The session id of the sending actor, if an actor sent the event. */
      readonly sourceId: string | undefined;
      /** The type of the event. For a machine of this package also ids, counts and codes. */
      readonly event: Readonly<Record<string, unknown>>;
    }
  | {
      /** An actor has a new state. */
      readonly type: '@xstate.snapshot';
      /** The event that led to the state, as in `@xstate.event`. */
      readonly event: Readonly<Record<string, unknown>>;
      /** Status and state. For a machine of this package also its counts and failure. */
      readonly snapshot: Readonly<Record<string, unknown>>;
    }
);

/**
 * The receiver of the messages: a function, or an inspector of
 * `@statelyai/inspect`, whose adapter receives them.
 */
export type SafeInspectionTarget =
  | ((message: SafeInspectionMessage) => void)
  | {
      /** The adapter through which the inspector sends. */
      readonly adapter: {
        /** Sends one message. */
        send(message: never): void;
      };
    };

/** The version of the protocol's package that the messages conform to. */
const PROTOCOL_VERSION = '0.7.2';

/**
 * Makes an `inspect` option that sends an inspector the states of the machine, the events it received,
 * counts and codes, and the structure of the chart. Of other actors in the same system it sends states and
 * types of events, with shortened names.
 *
 * It never throws into the actor system: an error of `target` or `now` surfaces
 * as an uncaught error of its own.
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
      // The event cannot be read. There is nothing to send, and no host code to report an error to.
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

/**
 * @returns The snapshot; `undefined` while the actor is being created, when reading it throws. The first
 *   snapshot then comes in a message of its own.
 */
function snapshotOf(actorRef: unknown): unknown {
  try {
    return (actorRef as { getSnapshot(): unknown }).getSnapshot();
  } catch {
    return undefined;
  }
}

/** Without a window, `createBrowserInspector` returns an adapter instead of an inspector. */
function adapterOf(target: Exclude<SafeInspectionTarget, (message: never) => void>) {
  return (
    (target.adapter as typeof target.adapter | undefined) ?? (target as unknown as typeof target.adapter)
  );
}
