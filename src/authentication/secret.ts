const values = new WeakMap<Secret, { readonly value: string; readonly isOver: () => boolean }>();

/**
 * An OTP or a token on its way to a back end. It can be spent, but not printed, cloned, serialised or kept: an OTP is forgotten
 * everywhere at once when the calls that it was granted for have settled, a token when it ends.
 */
export class Secret {
  constructor(value: string, isOver: () => boolean = () => false) {
    values.set(this, { value, isOver });
  }

  /** @returns The value. @throws TypeError once it was forgotten. */
  reveal(): string {
    const kept = values.get(this);
    if (!kept || kept.isOver())
      throw new TypeError('This secret was forgotten: its calls have settled, or its time is over.');
    return kept.value;
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
