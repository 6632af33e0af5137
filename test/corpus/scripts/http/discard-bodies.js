// discardResponseBodies, and a request that wants its body nevertheless.

import { check } from 'k6'
import http from 'k6/http'

export const options = { discardResponseBodies: true }

export default function () {
  const without = http.get(`${__ENV.BASE}/json`)
  const withBody = http.get(`${__ENV.BASE}/json`, { responseType: 'text' })
  check(null, {
    'discarded is null': () => without.body === null,
    'asked for is there': () => withBody.json('nested.deep.flag') === true,
  })
  try {
    without.json()
  } catch (error) {
    console.log(`${error}`)
  }
}
