import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { runWithLib } from './support/run-scenario.ts'

const gauges = [
  ...['gateway_turns_in_flight', 'gateway_permits_in_use', 'gateway_turns_waiting', 'gateway_open_channels'],
  ...['gateway_upstream_calls_in_flight', 'gateway_websocket_connections', 'gateway_open_streams'],
  'gateway_tool_results_waiting',
]

/** A page of metrics with these gauges, and what the model stub says is in flight; each look sees the next. */
const serve = async (t: TestContext, pages: Record<string, number>[], answers: number): Promise<string> => {
  let looks = 0
  const server = createServer(({ url }, response) => {
    if (url === '/in-flight')
      return void response.setHeader('content-type', 'application/json').end(JSON.stringify({ answers }))
    const page = pages[Math.min(looks++, pages.length - 1)]!
    response.end(Object.entries(page).map(([name, value]) => `# HELP ${name}\n${name} ${value}\n`).join(''))
  }) // biome-ignore format: one line
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close().closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const free = Object.fromEntries(gauges.map((name) => [name, 0]))

describe('What teardown() looks at', { concurrency: 4 }, () => {
  const body = `export const options = { ext: { weir: { voidUnless: nothingLeft } } }
    export default function () {}
    export const teardown = lookAfterwards`
  const look = async (t: TestContext, pages: Record<string, number>[], answers = 0) => {
    const url = await serve(t, pages, answers)
    const env = { BASE_URL: url, STUB_URL: url, SETTLE_SECONDS: '0.2' }
    const { result } = await runWithLib(t, { file: 'afterwards.ts', names: 'lookAfterwards, nothingLeft', body, env })
    assert.equal(result.conditions.length, 9)
    return result.conditions.filter(({ holds }) => !holds).map(({ metric, found }) => [metric, found])
  }

  it('is all free: every condition holds', async (t) => assert.deepEqual(await look(t, [free]), []))

  it('is given a moment', async (t) => {
    const busy = { ...free, gateway_permits_in_use: 3 }
    assert.deepEqual(await look(t, [busy, busy, free]), [])
  })

  it('is told where it stays held, over all workers and at the stub', async (t) => {
    const leak = { ...free, gateway_open_channels: 2, 'gateway_permits_in_use{worker="0"}': 1, 'gateway_permits_in_use{worker="1"}': 4 }
    assert.deepEqual(await look(t, [leak], 6), [['permits_left', 5], ['channels_left', 2], ['answers_left', 6]])
  }) // biome-ignore format: one list

  it('is not taken for free where the gateway does not say it', async (t) => {
    const { gateway_open_channels: _, ...page } = free
    assert.deepEqual(await look(t, [page]), [['channels_left', null]])
  })
})
