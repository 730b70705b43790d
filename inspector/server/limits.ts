/** The largest message that is taken, in bytes. A socket that sends a larger one is closed. */
export const LARGEST_MESSAGE = 4 * 1024 * 1024;
/** How many messages are kept for a page that is opened late or again. */
export const KEPT_MESSAGES = 5000;
/** How much text is kept for such a page, in characters. */
export const KEPT_CHARACTERS = 32 * 1024 * 1024;
/** How many actors are kept by their first message, which holds their chart. */
export const KEPT_ACTORS = 2000;
/** How many apps may send at the same time. */
export const MOST_SENDERS = 32;
/** How many pages may listen at the same time. */
export const MOST_PAGES = 8;
/** How much may wait for a page that reads too slowly, in bytes. Then its socket is closed; the page connects again. */
export const LARGEST_BACKLOG = 96 * 1024 * 1024;
