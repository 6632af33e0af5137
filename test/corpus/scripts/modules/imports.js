// Relative modules, defaults, namespaces, JSON of a file, and state that is each user's own.
// order: none
import * as all from './lib/shop.js'
import shop, { next } from './lib/shop.js'
import { total as sum } from './lib/sum.ts'

export const options = { scenarios: { each: { executor: 'per-vu-iterations', vus: 2, iterations: 2 } } }

export default function () {
  console.log(shop.name, next(), Object.keys(all).sort().join(), sum([1, 2, 3]))
}
