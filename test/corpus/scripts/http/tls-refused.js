// Without insecureSkipTLSVerify such a server is refused.
import http from 'k6/http'

export default function () {
  const response = http.get(`${__ENV.TLS_BASE}/echo`)
  console.log(response.status, response.error_code)
}
