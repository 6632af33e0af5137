// Tags and metadata of a user: set, changed, removed; on samples from then on.
import exec from 'k6/execution'
import http from 'k6/http'
import { Counter } from 'k6/metrics'

const own = new Counter('own')

export const options = { iterations: 2 }

export default function () {
  if (__ITER === 0) {
    own.add(1)
    exec.vu.metrics.tags.step = 'one'
    exec.vu.metrics.tags.number = 5
    exec.vu.metrics.metadata.trace = 'abc'
    own.add(1, { more: 'yes' })
    http.get(`${__ENV.BASE}/text/tagged`)
  } else {
    console.log(JSON.stringify(exec.vu.metrics.tags))
    delete exec.vu.metrics.tags.step
    own.add(1)
  }
  try {
    exec.vu.metrics.tags.object = { a: 1 }
  } catch (error) {
    console.log(`${error.message ?? error}`)
  }
}
