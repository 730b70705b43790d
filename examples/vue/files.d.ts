/** What tsc takes a `.vue` file for; it does not read them. */
declare module '*.vue' {
  const component: import('vue').Component;
  export default component;
}
