// Servers that misbehave: refused, closed, reset, cut short, not HTTP, unknown host, bad url.
import http from 'k6/http'

const show = (r) => console.log(r.status, r.error_code, r.status_text, r.body)

export default function () {
  show(http.get('http://127.0.0.1:1/'))
  show(http.post(`${__ENV.BASE}/close`, 'x'))
  show(http.post(`${__ENV.BASE}/reset`, 'x'))
  show(http.get(`${__ENV.BASE}/truncated`))
  show(http.get(`${__ENV.BASE}/garbage`))
  show(http.get('http://no-such-host.invalid/'))
  show(http.get('http:///no-host'))
  show(http.get(`${__ENV.BASE}/text/alive`))
}
