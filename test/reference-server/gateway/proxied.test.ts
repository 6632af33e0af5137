import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { it } from 'node:test'
import { boundedAdmission } from '../../../reference-server/admission/bounded.ts'
import type { AssembledParts } from '../../../reference-server/assembly.ts'
import { Proxied, passOn } from '../../../reference-server/gateway/proxied.ts'
import type { ModelProxy } from '../../../reference-server/proxy/port.ts'
import { countLocally } from '../../../reference-server/rate-limit/local.ts'

const limits = { turnTimeoutMs: 10_000, rateLimit: 2, rateWindowMs: 60_000 }

const request = { method: 'GET', path: '/v1/models', headers: {}, body: undefined, apiKey: 'key-a' }

/** An answer that nobody reads. */
const answer = () => {
  const response = { writableEnded: false, end: () => (response.writableEnded = true) }
  return response as unknown as ServerResponse
}

/** Real parts round a proxy that does what the test says. */
const partsWith = (forward: ModelProxy['forward'], permits = 1): AssembledParts =>
  ({
    admission: boundedAdmission({ permits, waitingTurns: 0 }),
    rateLimit: countLocally(limits),
    proxy: { forward },
  }) as unknown as AssembledParts

const answering: ModelProxy['forward'] = async (_request, response) => void response.end()

it('A proxied request counts towards the limit of its app, as turns do', async () => {
  const parts = partsWith(answering)
  const pass = (app: string) => passOn(parts, new Proxied(app, request), answer(), limits)
  assert.deepEqual([await pass('app-a'), await pass('app-a')], [true, true])
  await assert.rejects(pass('app-a'), { status: 429 })
  assert.equal(await pass('app-b'), true)
})

it('A proxied request takes a permit for as long as it lasts, and none is passed on without', async () => {
  const during: number[] = []
  const parts = partsWith(async (given, response) => {
    during.push(parts.admission.inUse)
    const second = passOn(parts, new Proxied('app-b', request), answer(), limits)
    await assert.rejects(second, { status: 503, retryAfterS: 1 })
    await answering(given, response, new AbortController().signal)
  })
  const proxied = new Proxied('app-a', request)
  assert.equal(await passOn(parts, proxied, answer(), limits), true)
  assert.deepEqual([during, parts.admission.inUse], [[1], 0])
  assert.notEqual(proxied.lifecycle.sinceAccepted('delivered'), undefined)
})

it('A proxied request whose answer is cut off gives its permit back, and was not delivered', async () => {
  const parts = partsWith(async () => {})
  const proxied = new Proxied('app-a', request)
  assert.equal(await passOn(parts, proxied, answer(), limits), false)
  assert.equal(parts.admission.inUse, 0)
  assert.equal(proxied.lifecycle.sinceAccepted('delivered'), undefined)
})

it('A proxied request whose time is up ends with 504', async () => {
  const parts = partsWith(
    (_request, _response, signal) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
  )
  const late = passOn(parts, new Proxied('app-a', request), answer(), { ...limits, turnTimeoutMs: 5 })
  await assert.rejects(late, { status: 504, message: /^the request took longer than 5 ms/ })
  assert.equal(parts.admission.inUse, 0)
})
