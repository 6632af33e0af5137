// The throw option turns a failed request into an exception of the script.
import http from 'k6/http'

export const options = { throw: true, iterations: 2 }

export default function () {
  http.get(`${__ENV.BASE}/status/500`)
  try {
    http.get('http://127.0.0.1:1/')
  } catch (error) {
    console.log(`caught: ${error.message ?? error}`)
  }
  http.get('http://127.0.0.1:1/', { throw: true })
}
