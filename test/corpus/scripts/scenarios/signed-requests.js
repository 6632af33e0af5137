// An API that wants its requests signed.

import { check } from 'k6'
import crypto from 'k6/crypto'
import encoding from 'k6/encoding'
import http from 'k6/http'

const sign = (method, path, body) =>
  crypto.hmac('sha256', 'a secret', [method, path, crypto.sha256(body, 'hex')].join('\n'), 'base64')

export default function () {
  const body = JSON.stringify({ amount: 10, currency: 'EUR' })
  const response = http.post(`${__ENV.BASE}/echo/payments`, body, {
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Basic ${encoding.b64encode('ada:secret')}`,
      'X-Signature': sign('POST', '/echo/payments', body),
    },
  })
  check(response, {
    'signature arrived': (r) => r.json('headers.x-signature') === sign('POST', '/echo/payments', body),
  })
}
