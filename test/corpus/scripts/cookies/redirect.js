// Cookies that are set on the way of a redirect go along.
import http from 'k6/http'

export default function () {
  const response = http.get(`${__ENV.BASE}/cookies/set/redirect?session=abc`)
  console.log(response.body, JSON.stringify(response.cookies))
}
