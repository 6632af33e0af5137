// What becomes of method and body, by status.
import http from 'k6/http'

export default function () {
  for (const status of [301, 302, 303, 307, 308]) {
    const response = http.post(`${__ENV.BASE}/redirect-to?url=/echo&status=${status}`, 'body', {
      headers: { 'Content-Type': 'text/x' },
    })
    console.log(status, response.json('method'), response.json('body'))
  }
  http.put(`${__ENV.BASE}/redirect-to?url=/echo&status=302`, 'body')
  http.head(`${__ENV.BASE}/redirect-to?url=/echo&status=302`)
  http.del(`${__ENV.BASE}/redirect-to?url=/echo&status=307`)
}
