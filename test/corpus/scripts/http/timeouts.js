// A request that takes too long fails with its own code; the next one goes on.
import http from 'k6/http'

export default function () {
  const late = http.get(`${__ENV.BASE}/delay/3000`, { timeout: 100, tags: { name: 'late' } })
  console.log(late.status, late.error_code, late.error)
  const text = http.get(`${__ENV.BASE}/delay/3000`, { timeout: '150ms', tags: { name: 'late' } })
  console.log(text.status, text.error_code, text.body)
  console.log(http.get(`${__ENV.BASE}/delay/10`, { timeout: '5s' }).status)
}
