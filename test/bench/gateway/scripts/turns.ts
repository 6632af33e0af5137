import exec from 'k6/execution'
import http from 'k6/http'

const keys = ['key-a', 'key-b'] as const
const headersOf = (session: number) => ({
  'content-type': 'application/json',
  'x-api-key': keys[session % keys.length] as string,
})
const urlOf = (session: number): string => `${__ENV.URL}/v1/sessions/turns-${session}`

export function setup(): void {
  for (let session = 0; session < Number(__ENV.SESSIONS); session++)
    http.put(urlOf(session), 'null', { headers: headersOf(session) })
}

/** One turn after the other, each user in a session of its own; what is no answer ends the load. */
export default function turns(): void {
  const session = exec.vu.idInTest - 1
  const turn = exec.vu.iterationInScenario
  const content = `What is the answer to question ${turn}?`
  const { status } = http.post(`${urlOf(session)}/turns`, JSON.stringify({ turn, content }), {
    headers: headersOf(session),
  })
  if (status !== 200) exec.test.abort(`a turn was answered with ${status}`)
}
