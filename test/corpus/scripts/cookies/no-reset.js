// noCookiesReset keeps the jar from one iteration to the next.
import http from 'k6/http'

export const options = { noCookiesReset: true, iterations: 2 }

export default function () {
  console.log(http.get(`${__ENV.BASE}/cookies`).body)
  http.get(`${__ENV.BASE}/cookies/set?kept=${__ITER}`)
}
