// What is sent and received, to the byte: head and body, whole and in chunks, on a connection that is kept.
// bytes: compared
import http from 'k6/http'

export const options = { userAgent: 'corpus', iterations: 2 }

export default function () {
  http.get(`${__ENV.BASE}/bytes/50`)
  http.get(`${__ENV.BASE}/bytes/200000`, { responseType: 'none', headers: { 'X-Own': 'value' } })
  http.get(`${__ENV.BASE}/chunked/4`)
  http.head(`${__ENV.BASE}/bytes/50`)
  http.post(`${__ENV.BASE}/bytes/7`, { form: 'ü' })
  http.put(`${__ENV.BASE}/bytes/0`, 'x'.repeat(100000))
  http.get(`${__ENV.BASE}/status/404`)
}
