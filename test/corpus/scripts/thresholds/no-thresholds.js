// --no-thresholds: crossed ones are not looked at.
// args: --no-thresholds
import { Counter } from 'k6/metrics'

const never = new Counter('never')

export const options = { thresholds: { never: ['count>0'] } }

export default function () {}
