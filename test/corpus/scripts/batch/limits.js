// batch and batchPerHost: with one at a time the requests come one after another.
import http from 'k6/http'

export const options = { batch: 1, batchPerHost: 1 }

export default function () {
  http.batch([1, 2, 3, 4].map((n) => `${__ENV.BASE}/text/${n}`))
}
