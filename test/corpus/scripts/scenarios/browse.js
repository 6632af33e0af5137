// People who look around: two users, pages with assets, time to think.
// order: none

import { check, sleep } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'

const pages = ['home', 'list', 'detail']

export const options = {
  scenarios: { browsing: { executor: 'per-vu-iterations', vus: 2, iterations: 1, maxDuration: '10s' } },
  thresholds: { 'http_req_duration{kind:html}': ['p(95)<60000'], http_reqs: ['count==18'] },
}

export default function () {
  const think = () => sleep(0.02 + Math.random() * 0.03)
  for (const page of pages) {
    const response = http.get(`${__ENV.BASE}/html?page=${page}`, { tags: { kind: 'html', name: page } })
    check(response, { 'is a page': (r) => r.status === 200 && r.body.includes('<title>Hello</title>') }, { page })
    const assets = http.batch(
      ['style.css', 'script.js'].map((file) => [
        'GET',
        `${__ENV.BASE}/text/${file}`,
        null,
        { tags: { kind: 'asset', name: 'asset' } },
      ]),
    )
    check(assets, { 'assets came': (all) => all.every((r) => r.status === 200) })
    think()
  }
  console.log(exec.scenario.name)
}
