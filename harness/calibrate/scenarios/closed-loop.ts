/** USERS ask again as soon as they have their answer, for SECONDS. What they wait for is service time. */
import exec from 'k6/execution'
import http from 'k6/http'
import type { Options } from 'k6/options'

export const options: Options = {
  scenarios: {
    main: { executor: 'constant-vus', vus: Number(__ENV.USERS), duration: `${__ENV.SECONDS}s`, gracefulStop: '10s' },
  },
}

export default function ask(): void {
  http.get(`${__ENV.BASE_URL}/`, { headers: { 'x-id': String(exec.scenario.iterationInTest) } })
}
