// ramping-vus: users that are taken away may end what they have begun, or not.
// order: none
import { sleep } from 'k6'

const ramp = (gracefulRampDown, exec) => ({
  executor: 'ramping-vus',
  startVUs: 2,
  stages: [
    { duration: '300ms', target: 2 },
    { duration: '0s', target: 0 },
    { duration: '100ms', target: 0 },
  ],
  gracefulRampDown,
  gracefulStop: '5s',
  exec,
})

export const options = { scenarios: { kind: ramp('5s', 'kind'), hard: ramp('0s', 'hard') } }

export function kind() {
  sleep(0.6)
  console.log('ended')
}

export function hard() {
  sleep(3)
}
