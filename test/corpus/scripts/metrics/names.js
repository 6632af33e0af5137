// A name that k6 does not take.
import { Counter } from 'k6/metrics'

new Counter('no spaces please')

export default function () {}
