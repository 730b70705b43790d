declare module 'layer-under-test' {
  /** The app of the layer; the bundle of a test says which. */
  export const mount: import('../../../examples/shared/remote.js').Mount;
  /** The same on what a server has sent, of a layer that a server can render. */
  export const mountServerRendered: import('../../../examples/shared/remote.js').Mount;
}
