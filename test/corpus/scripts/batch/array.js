// A page with its assets: urls, arrays and objects in one batch; results in the order asked.
// order: none

import { check } from 'k6'
import http from 'k6/http'

export default function () {
  const { BASE } = __ENV
  const responses = http.batch([
    `${BASE}/text/page`,
    ['GET', `${BASE}/delay/30`, null, { tags: { kind: 'css' } }],
    ['POST', `${BASE}/echo`, { a: 1 }],
    { method: 'PUT', url: `${BASE}/echo`, body: 'put', params: { headers: { 'X-P': '1' } } },
    { url: `${BASE}/status/404` },
  ])
  check(responses, {
    'five came in order': (all) => all.map((r) => r.status).join() === '200,200,200,200,404',
    'first is the page': (all) => all[0].body === 'page',
  })
}
