// Iterations that take longer than the graceful stop are interrupted: no sample of theirs counts as an iteration.
// order: none
import { sleep } from 'k6'

export const options = {
  scenarios: { cut: { executor: 'constant-vus', vus: 2, duration: '1s', gracefulStop: '100ms' } },
}

export default function () {
  console.log('begins')
  try {
    sleep(10)
  } catch {
    console.log('caught')
  }
}
