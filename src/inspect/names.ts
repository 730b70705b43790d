/*
 * Names may hold private data: an actor called `car-VR1AB12C3D4567890`, an event
 * `vehicle.VR1AB12C3D4567890.locked`. In every name that an inspector is sent, text that looks like an
 * identifier is shortened to its first characters.
 */

/** The length at which a name is cut. */
const LONGEST = 64;
/**
 * How many shortened texts are told apart by a number. Later ones end in `#?`, so that the memory is limited.
 */
const NUMBERED = 10_000;

const UUID = /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/i;
// The lengths are the limits of an e-mail address, so that searching a long text stays fast.
const E_MAIL = /([^\s:/,;()<>"'#@]{1,64}@[^\s:/,;()<>"'#@]{0,254}[^\s:/,;()<>"'#@.])/;
/**
 * Runs of letters and digits (characters that are neither ASCII punctuation nor space), joined by the
 * separators of grouped numbers.
 */
const GROUPS = /[^\s!-/:-@[-`{-~…]+(?:[-_. /()]{1,2}[^\s!-/:-@[-`{-~…]+)*/g;
const BETWEEN_GROUPS = /([-_. /()]{1,2})/;

/** The name that XState gives an actor without another id. */
const SESSION = /^x:\d+$/;
/** The prefixes of XState's own events; the number is a delay in ms. */
const OF_XSTATE = /^xstate\.(?:(?:done|error)\.(?:actor|state)\.|snapshot\.|after\.(?:\d+\.)?)?/;

const digitsIn = (text: string): number => text.replace(/\D/g, '').length;

/** @returns Whether a run of letters and digits looks like an identifier. */
function isIdentifier(run: string): boolean {
  const digits = digitsIn(run);
  return digits >= 6 || (digits >= 2 && run.length >= 8);
}

/**
 * @returns Whether two groups can belong to one number: both contain a digit; around a dot or a
 *   slash, both consist of digits.
 */
function areJoined(left: string, between: string, right: string | undefined): boolean {
  if (right === undefined) return false;
  const group = /[./]/.test(between) ? /^\d+$/ : /\d/;
  return group.test(left) && group.test(right);
}

/**
 * Shortens names for one inspector: the same name always becomes the same text, and
 * different names become different texts.
 */
export interface Names {
  /** A name that the app chose, of a state, an event, an action or an actor. */
  readonly name: (text: string) => string;
  /** The id of an actor or a session. */
  readonly actorId: (text: string) => string;
  /** The type of an event, XState's own included. */
  readonly eventType: (text: string) => string;
  /** The target of a transition: names of states, separated by dots. */
  readonly target: (text: string) => string;
  /** A sentence, which is not cut. */
  readonly sentence: (text: string) => string;
}

/** Makes the names of one inspector. */
export function createNames(): Names {
  const shown = new Map<string, string>();
  const counts = new Map<string, number>();

  /** @returns `short`, with a number if it already stands for another text. */
  const shorten = (text: string, short: string): string => {
    const known = shown.get(text);
    if (known !== undefined) return known;
    if (shown.size >= NUMBERED) return `${short}#?`;
    const count = (counts.get(short) ?? 0) + 1;
    counts.set(short, count);
    const numbered = count === 1 ? short : `${short}#${count}`;
    shown.set(text, numbered);
    return numbered;
  };
  const shortenIdentifier = (text: string): string => shorten(text, `${text.slice(0, 3).trim()}…`);
  const cut = (text: string): string =>
    text.length <= LONGEST ? text : shorten(text, `${text.slice(0, LONGEST - 1)}…`);

  /** Numbers are often written in groups: a phone number, a card, `VR1-AB12-C3D4-567890`. */
  const maskGroups = (sequence: string): string => {
    // The groups are at even indices, the separators at odd ones.
    const parts = sequence.split(BETWEEN_GROUPS);
    let masked = '';
    for (let from = 0; from < parts.length; from += 2) {
      let to = from;
      while (areJoined(parts[to] ?? '', parts[to + 1] ?? '', parts[to + 2])) to += 2;
      const joined = parts.slice(from, to + 1).join('');
      if (to > from && digitsIn(joined) >= 6) {
        masked += shortenIdentifier(joined);
        from = to;
      } else {
        const group = parts[from] ?? '';
        masked += isIdentifier(group) ? shortenIdentifier(group) : group;
      }
      masked += parts[from + 1] ?? '';
    }
    return masked;
  };
  /**
   * Shortens the matches of `pattern`, which must be one capturing group, and applies
   * `others` to the text between them.
   */
  const maskEach = (text: string, pattern: RegExp, others: (text: string) => string): string =>
    text
      .split(pattern)
      .map((part, index) => (index % 2 === 1 ? shortenIdentifier(part) : others(part)))
      .join('');
  const sentence = (text: string): string =>
    maskEach(text, UUID, (rest) =>
      maskEach(rest, E_MAIL, (words) => words.replace(GROUPS, (sequence) => maskGroups(sequence))),
    );

  const name = (text: string): string => cut(sentence(text));
  /** Names that XState has joined with dots: the parts are cut, not the whole. */
  const composed = (text: string): string =>
    SESSION.test(text) ? text : sentence(text).split('.').map(cut).join('.');

  return {
    name,
    sentence,
    // XState names an `invoke` without an id by its index and its state: `0.app.loading`.
    actorId: (text) => (SESSION.test(text) || /^\d+\.\D/.test(text) ? composed(text) : name(text)),
    eventType: (text) => {
      const [own] = OF_XSTATE.exec(text) ?? [];
      return own === undefined ? name(text) : own + composed(text.slice(own.length));
    },
    // A dot that belongs to a state's name is escaped with a backslash.
    target: (text) =>
      text.replace(
        /(^#)?((?:\\[\s\S]|[^.\\])+)/g,
        (_, hash: string | undefined, state: string) =>
          (hash ?? '') + name(state.replace(/\\([\s\S])/g, '$1')).replace(/[\\.]/g, '\\$&'),
      ),
  };
}
