// Response.json with selectors, and with what is no JSON.
import http from 'k6/http'

// k6 gives the keys of objects in no particular order.
const sorted = (value) =>
  JSON.stringify(value, (_, each) =>
    each && typeof each === 'object' && !Array.isArray(each) ? Object.fromEntries(Object.entries(each).sort()) : each,
  )

export default function () {
  const response = http.get(`${__ENV.BASE}/json`)
  for (const selector of [
    'title',
    'items.0.id',
    'items.#',
    'items.#.id',
    'items.1.tags',
    'nested.a\\.b',
    'nested.deep',
    'nested.deep.nothing',
    'absent',
    'items.9.id',
  ])
    console.log(`${selector}: ${sorted(response.json(selector))}`)
  console.log(sorted(response.json()))
  const text = http.get(`${__ENV.BASE}/text/plain`)
  try {
    text.json()
  } catch (error) {
    console.log(`${error}`.split('\n')[0])
  }
}
