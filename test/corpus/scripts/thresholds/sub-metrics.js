// Thresholds on tagged parts of a metric: by one tag, by two, by system tags, and one without samples.
import http from 'k6/http'
import { Trend } from 'k6/metrics'

const size = new Trend('size')

export const options = {
  thresholds: {
    'http_reqs{status:200}': ['count==2'],
    'http_reqs{status:404}': ['count==1'],
    'http_reqs{status:200,kind:a}': ['count==1'],
    'http_req_failed{expected_response:false}': ['rate==1'],
    'http_req_duration{expected_response:true}': ['max<60000'],
    'http_req_duration{never:seen}': ['p(95)<1'],
    'http_reqs{never:seen}': ['count>0'],
    'size{kind:a}': ['avg==5'],
    'size{ kind:b }': ['avg==7'],
    'http_reqs{scenario:default}': ['count==3'],
  },
}

export default function () {
  http.get(`${__ENV.BASE}/text/1`, { tags: { kind: 'a' } })
  http.get(`${__ENV.BASE}/text/2`, { tags: { kind: 'b' } })
  http.get(`${__ENV.BASE}/status/404`)
  size.add(5, { kind: 'a' })
  size.add(7, { kind: 'b' })
}
