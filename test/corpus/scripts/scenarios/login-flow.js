// A visitor logs in, looks at the account, changes it, and leaves.

import { check, fail, group, sleep } from 'k6'
import http from 'k6/http'
import { Rate, Trend } from 'k6/metrics'

const BASE = __ENV.BASE
const loginFailures = new Rate('login_failures')
const accountTime = new Trend('account_time', true)

export const options = {
  vus: 1,
  iterations: 2,
  thresholds: { login_failures: ['rate<0.1'], http_req_failed: ['rate<0.5'], checks: ['rate>0.9'] },
}

export default function () {
  const headers = group('login', () => {
    const response = http.post(`${BASE}/login`, { user: 'ada', password: 'secret' }, { tags: { name: 'login' } })
    const isFine = check(response, {
      'logged in': (r) => r.status === 200,
      'has a token': (r) => r.json('token') !== undefined,
    })
    loginFailures.add(!isFine)
    if (!isFine) fail(`login failed with ${response.status}`)
    return { Authorization: `Bearer ${response.json().token}` }
  })
  group('account', () => {
    const response = http.get(`${BASE}/echo/account`, { headers })
    accountTime.add(response.timings.duration)
    check(response, {
      'token is known': (r) => r.json('headers.authorization') === 'Bearer token-of-ada',
      'session came back': (r) => r.json('headers.cookie') === 'session=ada',
    })
    sleep(0.05)
    http.patch(`${BASE}/echo/account`, JSON.stringify({ name: 'Ada L.' }), {
      headers: { ...headers, 'Content-Type': 'application/json' },
    })
  })
  http.post(`${BASE}/echo/logout`, null, { headers })
}
