// redirects: 0, a limit that is reached, maxRedirects of the options, and a Location that leads nowhere.
import http from 'k6/http'

export const options = { maxRedirects: 2 }

export default function () {
  const show = (r) => console.log(r.status, r.error_code, r.headers.Location)
  show(http.get(`${__ENV.BASE}/redirect/2`, { redirects: 0 }))
  show(http.get(`${__ENV.BASE}/redirect/3`, { redirects: 1 }))
  show(http.get(`${__ENV.BASE}/redirect/2`))
  show(http.get(`${__ENV.BASE}/redirect/4`))
  show(http.get(`${__ENV.BASE}/status/302`))
}
