// maxDuration ends shared iterations that are not done.
// order: none
import { sleep } from 'k6'

export const options = {
  scenarios: { short: { executor: 'shared-iterations', vus: 1, iterations: 5, maxDuration: '1s', gracefulStop: '0s' } },
}

export default function () {
  console.log(`iteration ${__ITER}`)
  sleep(0.7)
}
