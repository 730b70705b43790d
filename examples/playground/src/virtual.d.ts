/** The picture of the machine, drawn from it when the page is built. */
declare module 'virtual:strong-auth-chart' {
  export const chart: import('../build/drawn-chart.js').DrawnChart;
}
