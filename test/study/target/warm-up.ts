/** One second in a closed loop, some two thousand requests: by then the server's code is compiled. */
import http from 'k6/http'
import type { Options } from 'k6/options'

export const options: Options = { vus: 16, duration: '1s' }

export default function warmUp(): void {
  http.get(`${__ENV.BASE_URL}/`)
}
