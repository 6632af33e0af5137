// All pass: exit code 0; the long form of a threshold.
import http from 'k6/http'

export const options = {
  thresholds: {
    http_req_failed: [{ threshold: 'rate<0.01' }],
    http_reqs: [{ threshold: 'count==1', abortOnFail: true, delayAbortEval: '1s' }],
  },
}

export default function () {
  http.get(`${__ENV.BASE}/text/1`)
}
