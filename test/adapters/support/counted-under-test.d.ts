declare module 'counted-under-test' {
  export const mountCounted: import('./renders-page.js').MountCounted;
}
