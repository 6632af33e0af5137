// ramping-vus: up to three users at once, each of which begins only one iteration.
// order: none
import { sleep } from 'k6'

export const options = {
  scenarios: {
    ramp: {
      executor: 'ramping-vus',
      startVUs: 1,
      stages: [
        { duration: '0s', target: 3 },
        { duration: '600ms', target: 3 },
      ],
      gracefulStop: '5s',
    },
  },
}

export default function () {
  console.log(`user ${__VU}`)
  sleep(1)
}
