import assert from 'node:assert/strict'
import { join } from 'node:path'
import { planAnswer } from '../../../reference-server/services/answers.ts'
import { eventually, readMetrics } from '../support/client.ts'
import { type RunningGateway, type Services, startGateway, startServices } from '../support/processes.ts'
import type { FuzzKeys } from './requests.ts'
import { logMark } from './values.ts'

/** What must be 0 when nothing is in flight. */
const held = [
  ...['turns_in_flight', 'websocket_connections', 'permits_in_use', 'turns_waiting', 'open_channels', 'open_streams'],
  ...['stream_text_waiting', 'tool_calls_running', 'tool_results_waiting', 'proxied_in_flight'],
  ...['upstream_calls_in_flight', 'knowledge_calls_in_flight', 'context_updates_pending', 'store_writes_pending'],
].map((name) => `gateway_${name}`)

const keys: FuzzKeys = { own: 'own-key-4f1d77c2', other: 'other-key-9b02e6aa' }

/** A gateway to be fuzzed, with a session of another app's in it. */
export class FuzzTarget {
  readonly keys = keys
  /** What is the other app's, whose session has an id that the fuzzer tries too; and the keys of both. */
  readonly secrets = ['other-device-51ac', 'other-agent-77fe', keys.own, keys.other]
  readonly #services: Services
  readonly #gateway: RunningGateway
  #goodTurns = 0

  private constructor(services: Services, gateway: RunningGateway) {
    this.#services = services
    this.#gateway = gateway
  }

  static async start(variant: string): Promise<FuzzTarget> {
    const services = await startServices({ MODEL_LATENCY_MS: '0' })
    const gateway = await startGateway(variant, {
      ...services.env,
      API_KEYS: `${keys.own}=app-a,${keys.other}=app-b`,
      UPSTREAM_TIMEOUT_MS: '600',
      TOOL_TIMEOUT_MS: '200',
      NODE_OPTIONS: `--expose-gc --require ${join(import.meta.dirname, 'heap-probe.cjs')}`,
    })
    const target = new FuzzTarget(services, gateway)
    await target.#openOther()
    return target
  }

  get url(): string {
    return this.#gateway.url
  }

  /** Bytes in use once everything unused was collected. */
  async bytesInUse(): Promise<number> {
    const reports = (): string[] => this.#gateway.printed().match(/^in use: \d+ bytes$/gm) ?? []
    const before = reports().length
    process.kill(this.#gateway.pid, 'SIGUSR2')
    const seen = await eventually(
      async () => reports(),
      ({ length }) => length > before,
    )
    return Number(/\d+/.exec(seen.at(-1)!)?.[0])
  }

  /** Asserts that the gateway serves as before, holds nothing, and that the other app's session is as it was. */
  async assertWell(): Promise<void> {
    await eventually(
      () => this.#held(),
      (found) => Object.keys(found).length === 0,
    )
    const turn = this.#goodTurns++
    const opened = await this.#ask(keys.own, 'PUT', '/v1/sessions/good')
    assert.ok(opened.ok)
    const body = JSON.stringify({ turn, content: 'hello' })
    const answer = await this.#ask(keys.own, 'POST', '/v1/sessions/good/turns', body)
    const { content } = (await answer.json()) as { content: string }
    assert.equal(content, planAnswer('good', `${turn}`).tokens.join(''))
    const other = await this.#ask(keys.other, 'GET', '/v1/sessions/secret')
    const { turns, status } = (await other.json()) as { turns: number; status: string }
    assert.deepEqual({ turns, status }, { turns: 1, status: 'idle' })
  }

  /** Stops the gateway and asserts that it ended well, and that its log has nothing that it must not have. */
  async stop(): Promise<void> {
    const { code, output } = await this.#gateway.stop()
    await this.#services.stop()
    assert.equal(code, 0, output)
    assert.doesNotMatch(output, new RegExp(`^${logMark}`, 'm'))
    assert.doesNotMatch(output, /^a request failed/m)
    for (const secret of this.secrets) assert.ok(!output.includes(secret), output.slice(0, 5_000))
  }

  async #openOther(): Promise<void> {
    const [device = '', agent = ''] = this.secrets
    await this.#ask(keys.other, 'PUT', '/v1/sessions/secret', JSON.stringify({ device, agent }))
    await this.#ask(keys.other, 'POST', '/v1/sessions/secret/turns', '{"turn":0,"content":"hello"}')
    const found = await this.#ask(keys.other, 'POST', '/v1/sessions', JSON.stringify({ device: 'elsewhere' }))
    this.secrets.push(((await found.json()) as { id: string }).id)
  }

  #ask(key: string, method: string, path: string, body?: string): Promise<Response> {
    const headers = { 'x-api-key': key, 'content-type': 'application/json' }
    return fetch(this.url + path, { method, headers, body: body ?? null })
  }

  async #held(): Promise<Record<string, number | undefined>> {
    const metrics = await readMetrics(this.url)
    return Object.fromEntries(held.map((name) => [name, metrics[name]]).filter(([, value]) => value !== 0))
  }
}
