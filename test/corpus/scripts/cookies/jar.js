// The user's jar: kept between requests, set by hand, read, cleared; gone with the iteration.
import http from 'k6/http'

export const options = { iterations: 2 }

export default function () {
  const { BASE } = __ENV
  const jar = http.cookieJar()
  console.log(http.get(`${BASE}/cookies`).body)
  http.get(`${BASE}/cookies/set?a=1&b=two`)
  console.log(http.get(`${BASE}/cookies`).body)
  jar.set(BASE, 'by-hand', 'yes', { path: '/cookies', max_age: 600 })
  console.log(
    Object.entries(jar.cookiesForURL(`${BASE}/cookies`))
      .sort()
      .join(' '),
  )
  http.get(`${BASE}/cookies`)
  jar.delete(BASE, 'a')
  http.get(`${BASE}/cookies`)
  jar.clear(BASE)
  console.log(http.get(`${BASE}/cookies`).body)
  http.get(`${BASE}/cookies/set?left=over`)
}
