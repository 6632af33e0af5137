// noConnectionReuse: each request has a connection of its own.
import http from 'k6/http'

export const options = { noConnectionReuse: true, iterations: 2 }

export default function () {
  http.get(`${__ENV.BASE}/text/a`)
  http.get(`${__ENV.BASE}/text/b`)
}
