// http.url, URLs with spaces, fragments, and no scheme.
import http from 'k6/http'

export default function () {
  const url = http.url`${__ENV.BASE}/text/${'x'}?q=${1}`
  console.log(http.get(url).url.split('/').pop())
  http.get(`${__ENV.BASE}/echo?q=a b`)
  http.get(`${__ENV.BASE}/echo#fragment`)
  http.get(`${__ENV.BASE}/echo/%2F/a%20b?x=%3D`)
  const response = http.get(`${__ENV.ADDRESS}/no-scheme`)
  console.log(response.status, response.error_code)
}
