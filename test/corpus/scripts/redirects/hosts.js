// Credentials do not follow to another host; absolute and relative addresses.
import http from 'k6/http'

export const options = { hosts: { 'a.example': __ENV.ADDRESS, 'b.example': __ENV.ADDRESS } }

export default function () {
  const headers = { Authorization: 'Bearer secret', 'X-Own': '1' }
  http.get('http://a.example/redirect-to?url=http%3A%2F%2Fb.example%2Fecho', { headers })
  http.get('http://a.example/redirect-to?url=echo', { headers })
  http.get('http://a.example/redirect-to?url=%2F%2Fb.example%2Fecho%3Fx%3D1', { headers })
}
