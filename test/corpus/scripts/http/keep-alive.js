// One connection a user, taken up again by the next iteration.
import http from 'k6/http'

export const options = { iterations: 3 }

export default function () {
  http.get(`${__ENV.BASE}/text/a`)
  http.post(`${__ENV.BASE}/echo`, 'b')
  if (__ITER === 1) http.get(`${__ENV.BASE}/connection-close`)
}
