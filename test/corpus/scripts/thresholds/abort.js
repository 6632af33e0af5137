// abortOnFail ends the test early, with the exit code of thresholds.
import { sleep } from 'k6'
import { Counter } from 'k6/metrics'

const failures = new Counter('failures')

export const options = { iterations: 2, thresholds: { failures: [{ threshold: 'count<1', abortOnFail: true }] } }

export default function () {
  failures.add(1)
  sleep(20)
}
