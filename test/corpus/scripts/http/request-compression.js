// The compression param: one algorithm, two, and an unknown one.
import http from 'k6/http'

export default function () {
  const headersOf = (response) => response.json('headers.content-encoding')
  console.log(headersOf(http.post(`${__ENV.BASE}/echo`, 'x'.repeat(100), { compression: 'gzip' })))
  console.log(headersOf(http.post(`${__ENV.BASE}/echo`, 'x'.repeat(100), { compression: 'deflate' })))
  try {
    const response = http.post(`${__ENV.BASE}/echo`, 'x', { compression: 'snappy' })
    console.log(response.status, response.error_code)
  } catch (error) {
    console.log(`${error}`)
  }
}
