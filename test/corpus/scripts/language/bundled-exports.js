// Exports as bundlers write them: getters made with defineProperty, under names that say nothing.

import { check } from 'k6'
import http from 'k6/http'

export const options = { vus: 1, iterations: 3 }

const define = Object.defineProperty
const expose = (target, getters) => {
  for (const name in getters) define(target, name, { get: getters[name], enumerable: true })
}
const copy = (to, from) => {
  for (const key of Object.getOwnPropertyNames(from)) define(to, key, { get: () => from[key], enumerable: true })
  return to
}
const inside = {}
expose(inside, { describe: () => describe, twice: () => twice })
const library = copy(define({}, '__esModule', { value: true }), inside)

function describe(name, body) {
  try {
    body()
    return true
  } catch (error) {
    return false
  }
}

function twice(body) {
  return [body(), body()]
}

// Beside promises, too, each call is waited for.
export async function unused() {
  await null
}

export default function () {
  const passed = library.describe('answers', () => {
    const response = http.get(`${__ENV.BASE}/text/a`)
    if (response.status !== 200) throw new Error('no answer')
    check(response, { 'is 200': (r) => r.status === 200 })
  })
  const statuses = library.twice(() => Reflect.apply(http.get, null, [`${__ENV.BASE}/text/a`]).status)
  check(null, { 'describe passed': () => passed, 'both answered': () => statuses.join() === '200,200' })
}
