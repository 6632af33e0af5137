// Text, bytes and no body at all; the option of a request wins over the script's.

import { check } from 'k6'
import http from 'k6/http'

export default function () {
  const url = `${__ENV.BASE}/bytes/300`
  const binary = http.get(url, { responseType: 'binary' })
  const none = http.get(url, { responseType: 'none' })
  const text = http.get(`${__ENV.BASE}/text/hello`, { responseType: 'text' })
  check(null, {
    'bytes are an ArrayBuffer': () => binary.body instanceof ArrayBuffer && binary.body.byteLength === 300,
    'bytes are right': () => new Uint8Array(binary.body)[299] === (299 * 7) % 256,
    'none is null': () => none.body === null,
    'text is text': () => text.body === 'hello',
  })
  console.log(http.get(url).body.length)
}
