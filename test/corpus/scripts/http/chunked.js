// Bodies in chunks, long bodies, and answers that have none.
import http from 'k6/http'

export default function () {
  console.log(http.get(`${__ENV.BASE}/chunked/4`).body)
  console.log(http.get(`${__ENV.BASE}/chunked/0`).body.length)
  console.log(http.get(`${__ENV.BASE}/bytes/200000`, { responseType: 'binary' }).body.byteLength)
  console.log(JSON.stringify(http.head(`${__ENV.BASE}/bytes/50`).body))
  console.log(JSON.stringify(http.get(`${__ENV.BASE}/status/204`).body))
}
