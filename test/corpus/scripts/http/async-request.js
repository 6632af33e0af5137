// asyncRequest: alone, several at once, chained with then, and failing.
// order: none

import { check } from 'k6'
import http from 'k6/http'

export default async function () {
  const one = await http.asyncRequest('GET', `${__ENV.BASE}/text/one`)
  const all = await Promise.all(
    ['a', 'b', 'c'].map((name) => http.asyncRequest('POST', `${__ENV.BASE}/echo`, name, { tags: { name } })),
  )
  check(null, {
    'one came': () => one.body === 'one',
    'all came': () => all.map((r) => r.json('body')).join() === 'a,b,c',
  })
  await http.asyncRequest('GET', `${__ENV.BASE}/status/500`).then((r) => console.log(r.status))
  const failed = await http.asyncRequest('GET', 'http://127.0.0.1:1/')
  console.log(failed.error_code)
}
