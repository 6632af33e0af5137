import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { ephemeralRange, freePorts, isFree } from '../../harness/target/ports.ts'

test('free ports are distinct, free, and out of reach of outgoing connections', async () => {
  const ports = await freePorts(20)
  assert.equal(new Set(ports).size, 20)
  const range = ephemeralRange()
  for (const port of ports) {
    assert.equal(await isFree(port), true)
    if (range && range[0] > 20_000) assert.ok(port < range[0])
  }
})

for (const host of ['127.0.0.1', '0.0.0.0'])
  test(`a port on which somebody listens on ${host} is not free`, async () => {
    const [port] = await freePorts(1)
    const server = createServer().listen(port, host)
    await new Promise((resolve) => server.once('listening', resolve))
    assert.equal(await isFree(port!), false)
    await new Promise((resolve) => server.close(resolve))
    assert.equal(await isFree(port!), true)
  })
