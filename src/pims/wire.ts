/** Values as they may really cross the bridge. The SDK's tables and samples differ: see `disagreements`. */

/** A Boolean, which some pages print as a string. */
export type Flag = boolean | 'true' | 'false';

/** A number, which some pages print as a string. */
export type Numeric = number | `${number}`;

/** A string, which some pages print as a number: a phone number, a postal code, an id. */
export type Text = string | number;

/** A list, which some pages show as its only value. */
export type BareOrList<Value> = Value | readonly Value[];

/** The parameters of an API that takes none. */
export type NoParameters = Readonly<Record<string, never>> | undefined;

/** The result of an API that has none. The SDK then leaves it out, or sends an empty object. */
export type NoResult = Readonly<Record<string, never>> | undefined;
