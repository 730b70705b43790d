/** @returns Where the site plays a story, below its base. */
export const playgroundUrl = (story: string): string => `/playground/index.html?story=${story}`;
