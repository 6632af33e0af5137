/** Users that take all they can get, for SECONDS; runs on stock k6 too. */
import http from 'k6/http'
import type { Options } from 'k6/options'

export const options: Options = {
  scenarios: {
    capacity: { executor: 'constant-vus', vus: 16, duration: `${__ENV.SECONDS}s`, gracefulStop: '5s' },
  },
  ext: { weir: { primary: 'http_req_duration p(50)', capacity: ['capacity'] } },
}

export default function request(): void {
  http.get(`${__ENV.BASE_URL}/`)
}
