// Compressed responses are unpacked; bodies of requests are packed on demand.

import { check } from 'k6'
import http from 'k6/http'

export default function () {
  for (const encoding of ['gzip', 'deflate', 'br', 'zstd']) {
    const response = http.get(`${__ENV.BASE}/${encoding}`, { headers: { 'Accept-Encoding': encoding } })
    check(response, {
      [`${encoding} is unpacked`]: (r) => r.json('encoding') === encoding && r.json('text').length === 250,
      [`${encoding} header is kept`]: (r) => r.headers['Content-Encoding'] === encoding,
    })
  }
  http.get(`${__ENV.BASE}/gzip`)
}
