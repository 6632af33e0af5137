// Several scenarios: exec, env, tags, start times, one after another and at once.
// order: none

import exec from 'k6/execution'
import http from 'k6/http'

export const options = {
  scenarios: {
    first: {
      executor: 'per-vu-iterations',
      vus: 1,
      iterations: 2,
      exec: 'read',
      env: { WHO: 'reader' },
      tags: { role: 'reader' },
    },
    second: {
      executor: 'shared-iterations',
      vus: 2,
      iterations: 2,
      exec: 'write',
      startTime: '300ms',
      env: { WHO: 'writer' },
      tags: { role: 'writer' },
    },
  },
  thresholds: { 'http_reqs{scenario:first}': ['count==2'], 'http_reqs{role:writer}': ['count==2'] },
}

export function read() {
  http.get(`${__ENV.BASE}/text/${__ENV.WHO}`)
  console.log(exec.scenario.name, exec.scenario.executor)
}

export function write() {
  http.post(`${__ENV.BASE}/echo`, __ENV.WHO)
  console.log(exec.scenario.name, exec.scenario.executor)
}
