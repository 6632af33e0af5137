// A chain of redirects is followed; each hop is a request and a sample.
import http from 'k6/http'

export default function () {
  const response = http.get(`${__ENV.BASE}/redirect/3`, { headers: { 'X-Kept': '1' } })
  console.log(response.status, response.url.split('/').pop(), response.request.url.split('/').pop())
}
