// constant-vus: two users for a second; an iteration of 0.7 s that has begun ends in its graceful stop.
// order: none
import { sleep } from 'k6'

export const options = {
  scenarios: { constant: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '5s' } },
}

export default function () {
  console.log(`user ${__VU} iteration ${__ITER}`)
  sleep(0.7)
}
