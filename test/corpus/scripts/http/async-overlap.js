// Requests that are started and not awaited still belong to the iteration.
// order: none
import http from 'k6/http'

export const options = { iterations: 2 }

export default function () {
  http.asyncRequest('GET', `${__ENV.BASE}/delay/50`).then((r) => console.log(`later ${r.status}`))
  const now = http.get(`${__ENV.BASE}/text/now`)
  console.log(`now ${now.status}`)
}
