// Cookies of one request: added, replacing those of the jar, and in a jar of its own.
import http from 'k6/http'

export default function () {
  const { BASE } = __ENV
  http.get(`${BASE}/cookies/set?a=jar&b=jar`)
  http.get(`${BASE}/cookies`, { cookies: { c: 'param' } })
  http.get(`${BASE}/cookies`, { cookies: { a: 'param' } })
  http.get(`${BASE}/cookies`, { cookies: { a: { value: 'replaced', replace: true } } })
  http.get(`${BASE}/cookies`)
  const jar = new http.CookieJar()
  jar.set(BASE, 'own', 'jar')
  http.get(`${BASE}/cookies`, { jar })
  http.get(`${BASE}/cookies`, { headers: { Cookie: 'raw=1' } })
}
