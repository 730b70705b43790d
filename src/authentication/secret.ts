const values = new WeakMap<
  Secret,
  { readonly value: string; readonly isOver: (() => boolean) | undefined }
>();

/**
 * An OTP or a token on its way to a back end. It can be read with `reveal()`, but not printed, cloned,
 * serialised or kept. An OTP is forgotten once the calls that it was granted for have settled, a token when it
 * expires. All holders of the `Secret` lose the value at that moment.
 */
export class Secret {
  constructor(value: string, isOver?: () => boolean) {
    values.set(this, { value, isOver });
  }

  /** @returns The value. @throws TypeError if it was forgotten. */
  reveal(): string {
    const kept = values.get(this);
    if (!kept || kept.isOver?.())
      throw new TypeError('This secret was forgotten: its calls have settled, or its time is over.');
    return kept.value;
  }

  /** @returns Always `[secret]`. */
  toString(): string {
    return '[secret]';
  }

  /** @returns Always `[secret]`. */
  toJSON(): string {
    return '[secret]';
  }
}

/** Makes `secret` unusable for everybody who still holds it. */
export const forget = (secret: Secret): boolean => values.delete(secret);
