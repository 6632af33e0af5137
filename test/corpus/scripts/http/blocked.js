// blockHostnames and blacklistIPs: requests that are never sent.
import http from 'k6/http'

export const options = { blockHostnames: ['*.blocked.example', 'exact.example'], blacklistIPs: ['127.0.0.2/32'] }

const show = (r) => console.log(r.status, r.error_code, r.error)

export default function () {
  show(http.get('http://a.blocked.example/'))
  show(http.get('http://exact.example/'))
  show(http.get('http://127.0.0.2:1/'))
  show(http.get(`${__ENV.BASE}/text/fine`))
}
