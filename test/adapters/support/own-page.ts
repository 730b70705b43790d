/** What a page offers that checks what only its layer can get wrong. */
interface OwnPage {
  /** Each throws what is wrong. */
  readonly checks: Readonly<Record<string, () => Promise<void>>>;
  /** Lets the app take over what a server has rendered: at rest, or while a PIN is asked for already. Throws what is wrong. */
  hydrate(html: string, busy: boolean): Promise<void>;
}

declare global {
  interface Window {
    own: {
      /** Runs one of the checks. */
      check(title: string): Promise<void>;
      hydrate: OwnPage['hydrate'];
    };
  }
}

/** Puts the checks of a layer where {@link testOwn} finds them. */
export function offer({ checks, hydrate }: OwnPage): void {
  window.own = {
    async check(title) {
      const check = checks[title];
      if (!check) throw new Error(`there is no check of the name ${title}`);
      await check();
    },
    hydrate,
  };
}
