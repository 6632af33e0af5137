// per-vu-iterations: three users, two iterations each, in the order of each user.
// order: user

import { sleep } from 'k6'
import http from 'k6/http'

export const options = { scenarios: { each: { executor: 'per-vu-iterations', vus: 3, iterations: 2 } } }

export default function () {
  http.get(`${__ENV.BASE}/text/${__ITER}`, { headers: { 'X-User': `${__VU}` }, tags: { name: 'text' } })
  sleep(0.05)
  http.post(`${__ENV.BASE}/echo`, `${__VU} ${__ITER}`, { headers: { 'X-User': `${__VU}` } })
}
