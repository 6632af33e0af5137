// A threshold is crossed and the script aborts: whose exit code wins.
import exec from 'k6/execution'
import { Counter } from 'k6/metrics'

const bad = new Counter('bad')

export const options = { thresholds: { bad: ['count<1'] } }

export default function () {
  bad.add(1)
  exec.test.abort()
}
