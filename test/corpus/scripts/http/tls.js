// https to a server whose certificate nobody signed, and what the response says of it.

import { check } from 'k6'
import http from 'k6/http'

export const options = { insecureSkipTLSVerify: true, iterations: 2 }

export default function () {
  const response = http.get(`${__ENV.TLS_BASE}/echo`)
  check(response, {
    'version is told': (r) => r.tls_version === http.TLS_1_3,
    'cipher is told': (r) => r.tls_cipher_suite.startsWith('TLS_'),
    'ocsp is unknown': (r) => r.ocsp.status === 'unknown',
  })
  http.post(`${__ENV.TLS_BASE}/echo`, { a: 1 })
}
