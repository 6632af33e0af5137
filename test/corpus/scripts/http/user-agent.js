// The userAgent option, a flag that wins over it, and a header that wins over both.
// args: --user-agent flagged/2
import http from 'k6/http'

export const options = { userAgent: 'scripted/1' }

export default function () {
  http.get(`${__ENV.BASE}/text/a`)
  http.get(`${__ENV.BASE}/text/b`, { headers: { 'User-Agent': 'own/3' } })
}
