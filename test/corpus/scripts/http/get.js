// A GET with a query, headers of its own and a look at all fields of the response.

import { check } from 'k6'
import http from 'k6/http'

export default function () {
  const response = http.get(`${__ENV.BASE}/echo/path?b=2&a=1&empty=`, {
    headers: { 'X-One': '1', accept: 'application/json' },
  })
  check(response, {
    'status is 200': (r) => r.status === 200,
    'status text': (r) => r.status_text === '200 OK',
    'proto is HTTP/1.1': (r) => r.proto === 'HTTP/1.1',
    'no error': (r) => r.error === '' && r.error_code === 0,
    'headers are canonical': (r) => r.headers['Content-Type'] === 'application/json',
    'timings are there': (r) => Object.keys(r.timings).length === 8 && r.timings.duration >= 0,
    'remote is known': (r) => r.remote_ip === '127.0.0.1' && r.remote_port > 0,
    'url is kept': (r) => r.url.endsWith('/echo/path?b=2&a=1&empty='),
    'request is told': (r) => r.request.method === 'GET' && r.request.headers['X-One'][0] === '1',
  })
  console.log(response.body)
  console.log(JSON.stringify(response.request.headers))
}
