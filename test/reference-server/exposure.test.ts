import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { after, before, it } from 'node:test'
import { rawAnswer, SessionClient } from './support/client.ts'
import { type Services, start, startGateway, startServices } from './support/processes.ts'

let services: Services
before(async () => {
  services = await startServices({ MODEL_LATENCY_MS: '0' })
})
after(() => services?.stop())

/** Whether somebody listens there. */
const isOpen = async (host: string, port: number): Promise<boolean> => {
  const socket = connect(port, host)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ECONNREFUSED')
    return false
  } finally {
    socket.destroy()
  }
}

for (const { title, args, everywhere } of [
  { title: 'A gateway that is not told where listens on 127.0.0.1 and nowhere else', args: [], everywhere: false },
  { title: 'A gateway listens on all addresses where it is told to', args: ['--host', '0.0.0.0'], everywhere: true },
]) {
  it(title, async (t) => {
    const gateway = start('gateway/main.ts', ['--variant', 'optimized', '--port', '0', ...args], services.env)
    t.after(() => gateway.stop())
    const port = Number(/:(\d+)$/.exec(await gateway.listening)?.[1])
    // Another address of this machine, on which only those are found that listen on all.
    assert.deepEqual([await isOpen('127.0.0.1', port), await isOpen('127.0.0.2', port)], [true, everywhere])
  })
}

it('A key is in no answer, no metric and no line of the log, whatever goes wrong', async (t) => {
  const key = 'sk-6fd2b0c1'
  const env = { ...services.env, API_KEYS: `${key}=app-a`, UPSTREAM_TIMEOUT_MS: '300' }
  const gateway = await startGateway('optimized', env)
  t.after(() => gateway.stop())
  const { url } = gateway
  const headers = { 'x-api-key': key, 'content-type': 'application/json' }
  const seen: string[] = []
  const ask = async (method: string, path: string, body?: string): Promise<number> => {
    const response = await fetch(url + path, { method, headers, body: body ?? null })
    seen.push(JSON.stringify([...response.headers]), await response.text())
    return response.status
  }
  const turn = (content: string) => ask('POST', '/v1/sessions/s/turns', JSON.stringify({ turn: 1, content }))
  assert.equal(await ask('PUT', '/v1/sessions/s'), 201)
  for (const content of ['hello', 'stub:status-500', 'stub:reset', 'stub:malformed', 'stub:hang']) await turn(content)
  assert.equal(await ask('GET', `/v1/sessions/s/ws?key=${key}`), 404)
  assert.equal(await ask('GET', '/v1/proxy/models'), 200)
  assert.equal(await ask('POST', '/v1/proxy/nothing', '{}'), 404)
  assert.equal(await ask('POST', '/v1/sessions/s/turns', '{'), 400)
  seen.push(await rawAnswer(url, `GET /v1/sessions/s HTTP/1.1\r\nx-api-key: ${key}\r\nbad header\r\n\r\n`))
  seen.push(
    await rawAnswer(url, `GET /ws?key=${key} HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n`),
  )
  const client = new SessionClient(url, 's', `?key=${key}`)
  await once(client.socket, 'open')
  client.sendTurn(2, 'stub:cut')
  seen.push(JSON.stringify(await client.turnMessages()))
  await client.close()
  assert.equal(await ask('GET', '/metrics'), 200)
  assert.equal(await ask('GET', '/readyz'), 200)
  seen.push((await gateway.stop()).output)
  for (const text of seen) assert.ok(!text.includes(key), text)
})

it('A gateway whose keys are misspelt says so without repeating them', async () => {
  const { code, output } = await start('gateway/main.ts', ['--variant', 'optimized', '--port', '0'], {
    ...services.env,
    API_KEYS: 'sk-secret=app-a,sk-other app-b',
  }).exited
  assert.equal(code, 104)
  assert.match(output, /^API_KEYS /)
  assert.doesNotMatch(output, /sk-/)
})
