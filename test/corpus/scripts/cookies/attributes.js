// Path, Max-Age, Expires, Secure: which come back, and what the response says of them.
import http from 'k6/http'

export default function () {
  const { BASE } = __ENV
  http.get(`${BASE}/cookies/set?path=1&~Path=/cookies/deep`)
  http.get(`${BASE}/cookies/set?old=1&~Max-Age=0`)
  http.get(`${BASE}/cookies/set?past=1&~Expires=Thu,%2001%20Jan%201970%2000:00:00%20GMT`)
  http.get(`${BASE}/cookies/set?secure=1&~Secure=`)
  const response = http.get(`${BASE}/cookies/set?full=v&~Path=/&~HttpOnly=&~SameSite=Lax&~Max-Age=60`)
  console.log(JSON.stringify(response.cookies))
  http.get(`${BASE}/cookies`)
  http.get(`${BASE}/cookies/deep`)
}
