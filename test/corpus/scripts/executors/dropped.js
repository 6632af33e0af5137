// An arrival that finds no user is dropped, and counted.
// order: none
import { sleep } from 'k6'

export const options = {
  thresholds: { dropped_iterations: ['count>0'] },
  scenarios: {
    busy: {
      executor: 'constant-arrival-rate',
      rate: 10,
      duration: '1050ms',
      preAllocatedVUs: 1,
      maxVUs: 1,
      gracefulStop: '5s',
    },
  },
}

export default function () {
  sleep(1.5)
}
