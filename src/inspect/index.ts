/** Watch the machine in the Stately inspector, or in a panel of your own, without showing it anything private. */
import type { InspectionEvent } from 'xstate';
import { redactDefinition, redactEvent, redactSnapshot } from './redact.js';

/** One message of the Stately inspector's protocol (`@statelyai/inspect` 0.7), with nothing in it but what is allowed. */
export type SafeInspectionMessage = {
  /** The actor that it is about. */
  readonly sessionId: string;
  /** The root of the actor system that it is in. */
  readonly rootId: string;
  /** Epoch ms, as text. */
  readonly createdAt: string;
  /** Different for every message of an inspector. */
  readonly id: string;
  /** The version of the protocol. */
  readonly _version: string;
} & (
  | {
      /** An actor begins. */
      readonly type: '@xstate.actor';
      /** What the actor is called. */
      readonly name: string;
      /** The actor that it is a child of. */
      readonly parentId: string | undefined;
      /** JSON: the structure of a machine; of another actor its name. */
      readonly definition: string;
      /** Its first state, as far as it may be told. */
      readonly snapshot: Readonly<Record<string, unknown>>;
    }
  | {
      /** An actor is sent an event. */
      readonly type: '@xstate.event';
      /** The actor that sends it, if one does. */
      readonly sourceId: string | undefined;
      /** Its type; of the machine's own events also ids, counts and codes. */
      readonly event: Readonly<Record<string, unknown>>;
    }
  | {
      /** An actor has a new state. */
      readonly type: '@xstate.snapshot';
      /** What brought it about, as above. */
      readonly event: Readonly<Record<string, unknown>>;
      /** The state, as far as it may be told. */
      readonly snapshot: Readonly<Record<string, unknown>>;
    }
);

/** Where messages go: a function, or an inspector of `@statelyai/inspect`, whose adapter takes them. */
export type SafeInspectionTarget =
  | ((message: SafeInspectionMessage) => void)
  | {
      /** The inspector's way out. */
      readonly adapter: {
        /** Takes one message. */
        send(message: never): void;
      };
    };

/** The version of the protocol's package that the messages are written for. */
const PROTOCOL_VERSION = '0.7.2';

/**
 * Makes an `inspect` option that tells an inspector which states the machine is in, which events it got, counts and codes, and
 * the structure of the chart; nothing else, whatever an actor of the same system carries.
 *
 * @example
 * createStrongAuth({ transport, enterPin, inspect: createSafeInspector(createBrowserInspector()) });
 */
export function createSafeInspector(
  target: SafeInspectionTarget,
  { now = Date.now }: { readonly now?: () => number } = {},
): (event: InspectionEvent) => void {
  const send: (message: SafeInspectionMessage) => void =
    typeof target === 'function' ? target : (message) => target.adapter.send(message as never);
  let messages = 0;

  return (inspected) => {
    const { actorRef, rootId } = inspected;
    const actor = actorRef as ActorLike;
    const { sessionId } = actor;
    const config = actor.logic?.config;
    // By its looks, since an app may have bundled the machine twice.
    const isOwn = config?.id === 'strongAuth' && config.states?.needStrongAuth !== undefined;
    messages += 1;
    const base = {
      sessionId,
      rootId,
      createdAt: String(now()),
      id: `safe-${messages}`,
      _version: PROTOCOL_VERSION,
    };
    if (inspected.type === '@xstate.actor') {
      const name = config?.id ?? actor.id ?? sessionId;
      send({
        ...base,
        type: '@xstate.actor',
        name,
        parentId: actor._parent?.sessionId,
        definition: JSON.stringify(config ? redactDefinition(config) : { id: name }),
        snapshot: redactSnapshot(snapshotOf(actor), isOwn),
      });
    } else if (inspected.type === '@xstate.event') {
      const source = inspected.sourceRef as { sessionId?: string } | undefined;
      send({
        ...base,
        type: '@xstate.event',
        sourceId: source?.sessionId,
        event: redactEvent(inspected.event),
      });
    } else if (inspected.type === '@xstate.snapshot') {
      const { event, snapshot } = inspected;
      send({
        ...base,
        type: '@xstate.snapshot',
        event: redactEvent(event),
        snapshot: redactSnapshot(snapshot, isOwn),
      });
    }
  };
}

/** An actor that is being made has none yet, and says so by throwing. Its first snapshot comes in a message of its own. */
function snapshotOf(actor: ActorLike): unknown {
  try {
    return actor.getSnapshot?.();
  } catch {
    return undefined;
  }
}

/** What an inspected actor has beyond what XState's types say. */
interface ActorLike {
  readonly sessionId: string;
  readonly id?: string;
  readonly logic?: {
    readonly config?: { readonly id?: string; readonly states?: Readonly<Record<string, unknown>> };
  };
  readonly _parent?: { readonly sessionId: string };
  getSnapshot?(): unknown;
}
