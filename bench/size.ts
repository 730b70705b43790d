import { measureSizes, tableOfSizes } from './sizes.js';

console.log(tableOfSizes(await measureSizes()));
