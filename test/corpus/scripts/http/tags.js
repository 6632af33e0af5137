// Tags of requests, of the script, and names that group urls.
// args: --tag run=nightly
import http from 'k6/http'

export const options = {
  tags: { team: 'web' },
  thresholds: { 'http_reqs{kind:asset}': ['count==2'], 'http_req_duration{name:page}': ['max<60000'] },
}

export default function () {
  http.get(`${__ENV.BASE}/text/1`, { tags: { kind: 'asset' } })
  http.get(`${__ENV.BASE}/text/2`, { tags: { kind: 'asset', team: 'other', number: 7, flag: true } })
  http.get(`${__ENV.BASE}/text/3`, { tags: { name: 'page' } })
  for (const id of [1, 2]) http.get(http.url`${__ENV.BASE}/text/${id}`)
}
