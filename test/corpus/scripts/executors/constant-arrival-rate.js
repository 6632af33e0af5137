// constant-arrival-rate: five a second for 1.1 s, users enough.
// order: none
import http from 'k6/http'

export const options = {
  scenarios: {
    arrivals: {
      executor: 'constant-arrival-rate',
      rate: 5,
      timeUnit: '1s',
      duration: '1100ms',
      preAllocatedVUs: 3,
      gracefulStop: '5s',
    },
  },
}

export default function () {
  http.get(`${__ENV.BASE}/text/arrived`)
}
