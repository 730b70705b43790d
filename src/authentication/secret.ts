const values = new WeakMap<Secret, string>();

/**
 * An OTP on its way to a back end. It can be spent, but not printed, cloned, serialised or kept: once the calls it was
 * granted for have settled, it is forgotten everywhere at once.
 */
export class Secret {
  constructor(value: string) {
    values.set(this, value);
  }

  /** @returns The value. @throws TypeError once it was forgotten. */
  reveal(): string {
    const value = values.get(this);
    if (value === undefined)
      throw new TypeError('This secret was forgotten: the calls it was granted for have settled.');
    return value;
  }

  /** @returns `[secret]`, whatever the value. */
  toString(): string {
    return '[secret]';
  }

  /** @returns `[secret]`, whatever the value. */
  toJSON(): string {
    return '[secret]';
  }
}

/** Makes `secret` unusable for whoever still holds it. */
export const forget = (secret: Secret): boolean => values.delete(secret);
