// noVUConnectionReuse: connections live as long as the iteration.
import http from 'k6/http'

export const options = { noVUConnectionReuse: true, iterations: 2 }

export default function () {
  http.get(`${__ENV.BASE}/text/a`)
  http.get(`${__ENV.BASE}/text/b`)
}
