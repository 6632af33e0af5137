/** What goes before every measurement, the same for all variants: some users in a closed loop, JSON turns only. */

import exec from 'k6/execution'
import http from 'k6/http'
import type { Options } from 'k6/options'
import { apiKeys, baseUrl, setting } from './lib/turn.ts'

export const options: Options = {
  vus: setting('WARM_UP_USERS', 40),
  duration: `${setting('WARM_UP_SECONDS', 2)}s`,
}

export default function warmUp(): void {
  const user = exec.vu.idInTest
  const params = {
    headers: { 'content-type': 'application/json', 'x-api-key': apiKeys[user % apiKeys.length] as string },
  }
  const url = `${baseUrl}/v1/sessions/warm-up-${user}`
  if (exec.vu.iterationInInstance === 0) http.put(url, null, params)
  http.post(`${url}/turns`, JSON.stringify({ turn: exec.vu.iterationInInstance, content: 'Are you warm?' }), params)
}
