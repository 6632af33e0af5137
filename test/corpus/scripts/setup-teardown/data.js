// setup's data goes to every user as a copy, and to teardown.
import http from 'k6/http'

export const options = { scenarios: { all: { executor: 'per-vu-iterations', vus: 1, iterations: 2 } } }

export function setup() {
  const token = http.post(`${__ENV.BASE}/login`, { user: 'ada', password: 'secret' }).json('token')
  return { token, list: [1, 2] }
}

export default function (data) {
  console.log(JSON.stringify(data))
  data.list.push(__ITER)
  http.get(`${__ENV.BASE}/echo`, { headers: { Authorization: `Bearer ${data.token}` } })
}

export function teardown(data) {
  console.log('teardown', JSON.stringify(data))
  http.del(`${__ENV.BASE}/echo`)
}
