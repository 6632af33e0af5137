// ramping-arrival-rate: stages with a steady rate, then none.
// order: none
import http from 'k6/http'

export const options = {
  scenarios: {
    ramp: {
      executor: 'ramping-arrival-rate',
      startRate: 10,
      timeUnit: '1s',
      preAllocatedVUs: 5,
      stages: [
        { duration: '450ms', target: 10 },
        { duration: '0s', target: 0 },
        { duration: '200ms', target: 0 },
      ],
    },
  },
}

export default function () {
  http.get(`${__ENV.BASE}/text/arrived`)
}
