/** The pictures of the machines, drawn from them when the page is built. */
declare module 'virtual:strong-auth-chart' {
  export const chart: import('../build/drawn-chart.js').DrawnChart;
  export const recoveryChart: import('../build/drawn-chart.js').DrawnChart;
}
