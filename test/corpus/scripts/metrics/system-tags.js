// systemTags chooses what samples are tagged with.
import http from 'k6/http'

export const options = { systemTags: ['status', 'method', 'vu', 'iter', 'ip'], iterations: 2 }

export default function () {
  http.get(`${__ENV.BASE}/text/1`)
}
