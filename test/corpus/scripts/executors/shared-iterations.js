// shared-iterations: seven in all, by three users.
// order: none

import exec from 'k6/execution'
import http from 'k6/http'

export const options = {
  scenarios: { shared: { executor: 'shared-iterations', vus: 3, iterations: 7, maxDuration: '20s' } },
}

export default function () {
  http.get(`${__ENV.BASE}/text/${exec.scenario.iterationInTest}`, { tags: { name: 'text' } })
}
