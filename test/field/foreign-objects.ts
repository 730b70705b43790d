export const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};

export class Private {
  readonly #status = 'FAILED';
  readonly #error: object;
  constructor(code: unknown) {
    this.#error = new (class {
      readonly #code = code;
      get code() {
        return this.#code;
      }
    })();
  }
  get status() {
    return this.#status;
  }
  get error() {
    return this.#error;
  }
}
