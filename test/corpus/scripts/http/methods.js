// All verbs, with and without a body.
import http from 'k6/http'

export default function () {
  const url = `${__ENV.BASE}/echo`
  http.get(url)
  http.head(url)
  http.options(url)
  http.options(url, 'asked')
  http.post(url, 'posted')
  http.post(url)
  http.put(url, 'put')
  http.put(url, null)
  http.patch(url, 'patched')
  http.del(url)
  http.del(url, 'deleted')
  http.request('GET', url)
  http.request('POST', url, 'requested', { headers: { 'Content-Type': 'text/plain' } })
  http.request('PURGE', url)
  http.request('get', url)
}
