declare module 'layer-under-test' {
  /** The app of the layer; the bundle of a test says which. */
  export const mount: import('../../../examples/shared/remote.js').Mount;
}
