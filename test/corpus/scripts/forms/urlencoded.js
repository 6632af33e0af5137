// How a form object is written: order, escapes, numbers, arrays, nothing.
import http from 'k6/http'

export default function () {
  http.post(`${__ENV.BASE}/echo`, { z: 'last', a: 'first', space: 'a b', plus: '1+1', percent: '100%', slash: '/?&=' })
  http.post(`${__ENV.BASE}/echo`, { number: 1.5, yes: true, no: false, list: [1, 2], text: "it's (fine)*~" })
  http.post(`${__ENV.BASE}/echo`, {})
}
