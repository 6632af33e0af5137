/**
 * What `turn.ts` does, as a k6 script: USERS who each take the turns of a session of their own, one after the other, for
 * SECONDS. No answer is looked into, since the other engine does not do so either.
 */
import exec from 'k6/execution'
import http from 'k6/http'
import type { Options } from 'k6/options'
import { baseUrl, jsonHeaders, keyOf, putSession, question, setting } from '../lib/turn.ts'

const users = setting('USERS', 50)

export const options: Options = {
  scenarios: {
    load: { executor: 'constant-vus', vus: users, duration: `${setting('SECONDS', 3)}s`, gracefulStop: '5s' },
  },
  setupTimeout: '60s',
  ext: { weir: { primary: 'throughput{phase:load} value', fixedConcurrency: ['load'] } },
}

export function setup(): void {
  for (let user = 0; user < users; user++) putSession(`saturation-${user}`, keyOf(user))
}

export default function closedTurns(): void {
  const user = exec.vu.idInTest - 1
  const turn = exec.vu.iterationInInstance
  http.post(
    http.url`${baseUrl}/v1/sessions/saturation-${user}/turns`,
    JSON.stringify({ turn, content: question(turn) }),
    {
      headers: jsonHeaders(keyOf(user)),
    },
  )
}
