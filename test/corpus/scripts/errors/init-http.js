// Requests at the top level are refused.
import http from 'k6/http'

http.get(`${__ENV.BASE}/text/never`)

export default function () {}
