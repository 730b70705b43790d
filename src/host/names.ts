/**
 * Refuses names that are not known. Inherited names count too: options may be derived from defaults.
 *
 * @param known An object with the known names.
 * @throws TypeError with the message that `inWords` makes of the first unknown name.
 */
export function refuseUnknownNames(options: object, known: object, inWords: (name: string) => string): void {
  for (const name in options) {
    // A library may have added enumerable names to `Object.prototype`.
    if (!Object.keys(known).includes(name) && !(name in Object.prototype)) throw new TypeError(inWords(name));
  }
}
