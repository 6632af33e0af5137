// Every class of status: what counts as failed, and how it is tagged.
import http from 'k6/http'

export default function () {
  for (const status of [200, 201, 204, 304, 400, 401, 404, 418, 429, 500, 503])
    console.log(
      `${status}: ${JSON.stringify([http.get(`${__ENV.BASE}/status/${status}`, { tags: { name: 'status' } })].map((r) => [r.status, r.error_code, r.error, r.status_text, r.body]))}`,
    )
}
