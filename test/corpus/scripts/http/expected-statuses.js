// setResponseCallback and responseCallback decide what has failed.
import http from 'k6/http'

http.setResponseCallback(http.expectedStatuses(404, { min: 200, max: 299 }))

export default function () {
  const get = (status, params) => http.get(`${__ENV.BASE}/status/${status}`, { tags: { name: `${status}` }, ...params })
  get(200)
  get(404)
  get(301)
  get(500)
  get(500, { responseCallback: http.expectedStatuses(500) })
  get(404, { responseCallback: http.expectedStatuses({ min: 200, max: 299 }) })
  get(500, { responseCallback: null })
}
