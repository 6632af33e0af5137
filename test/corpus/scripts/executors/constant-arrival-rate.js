// constant-arrival-rate: five a second for 0.9 s, users enough.
// order: none
import http from 'k6/http'

export const options = {
  scenarios: {
    arrivals: {
      executor: 'constant-arrival-rate',
      rate: 5,
      timeUnit: '1s',
      duration: '900ms',
      preAllocatedVUs: 3,
      gracefulStop: '5s',
    },
  },
}

export default function () {
  http.get(`${__ENV.BASE}/text/arrived`)
}
