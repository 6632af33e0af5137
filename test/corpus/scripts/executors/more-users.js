// Below maxVUs an arrival without a user makes one more.
// order: none
import { sleep } from 'k6'
import { Counter } from 'k6/metrics'

const began = new Counter('began')

export const options = {
  thresholds: { began: ['count>=2'], iterations: ['count>=2'] },
  scenarios: {
    growing: {
      executor: 'constant-arrival-rate',
      rate: 4,
      duration: '1100ms',
      preAllocatedVUs: 4,
      maxVUs: 8,
      gracefulStop: '5s',
    },
  },
}

export default function () {
  began.add(1)
  sleep(0.6)
}
