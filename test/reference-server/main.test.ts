import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { eventually, heldByTurns, postTurn, putSession } from './support/client.ts'
import { type Services, start, startGateway, startServices } from './support/processes.ts'

describe('A gateway that cannot start says in one line what to do', { concurrency: 3 }, () => {
  const env = { MODEL_URL: 'https://localhost:1', KNOWLEDGE_URL: 'http://localhost:1', TLS_DIR: '/nowhere' }
  const rightArgs = ['--variant', 'optimized', '--port', '0']
  const cases: { title: string; args: string[]; env: Record<string, string>; code: number; says: RegExp }[] = [
    {
      title: 'an unknown variant',
      args: ['--variant', 'poling', '--port', '0'],
      env,
      code: 104,
      says: /^variant "poling" does not exist; it is one of: optimized, polling, [a-z0-9, -]+\n$/,
    },
    {
      title: 'an unknown option',
      args: [...rightArgs, '--prot', '1'],
      env,
      code: 104,
      says: /^Unknown option '--prot'\. Options are: --variant, --port, --host\n$/,
    },
    {
      title: 'a port that is no number',
      args: ['--variant', 'optimized', '--port', 'http'],
      env,
      code: 104,
      says: /^--port is "http"; expected a whole number of at least 0\n$/,
    },
    {
      title: 'a missing URL',
      args: rightArgs,
      env: { ...env, MODEL_URL: '' },
      code: 104,
      says: /^MODEL_URL is ""; expected an http or https URL/,
    },
    {
      title: 'more workers than can share a registry',
      args: rightArgs,
      env: { ...env, WORKERS: '33' },
      code: 104,
      says: /^WORKERS is "33"; expected a whole number from 1 to 32\n$/,
    },
    {
      title: 'more sessions in memory than a table has places',
      args: rightArgs,
      env: { ...env, MAX_SESSIONS_IN_MEMORY: '1048577' },
      code: 104,
      says: /^MAX_SESSIONS_IN_MEMORY is "1048577"; expected a whole number from 1 to 1048576\n$/,
    },
    {
      title: 'a timeout that no timer can wait for',
      args: rightArgs,
      env: { ...env, TURN_TIMEOUT_MS: '2147483648' },
      code: 104,
      says: /^TURN_TIMEOUT_MS is "2147483648"; expected a whole number from 1 to 2147483647\n$/,
    },
    {
      title: 'one that may be 0',
      args: rightArgs,
      env: { ...env, DRAIN_TIMEOUT_MS: '1e10' },
      code: 104,
      says: /^DRAIN_TIMEOUT_MS is "1e10"; expected a whole number from 0 to 2147483647\n$/,
    },
    {
      title: 'a certificate that the services have not made yet',
      args: rightArgs,
      env,
      code: 1,
      says: /^\/nowhere\/ca\.pem cannot be read .*; start the services first with the same TLS_DIR; they make it\n$/,
    },
  ]
  for (const { title, args, env, code, says } of cases) {
    it(title, async () => {
      const exit = await start('gateway/main.ts', args, env).exited
      assert.match(exit.output, says)
      assert.equal(exit.code, code)
    })
  }
})

describe('With its services running', { concurrency: 1 }, () => {
  let services: Services
  before(async () => {
    services = await startServices()
  })
  after(() => services?.stop())

  it('a gateway whose port is taken says so and ends', async () => {
    const holder = createServer().listen(0, '127.0.0.1')
    await once(holder, 'listening')
    const { port } = holder.address() as AddressInfo
    const gateway = start('gateway/main.ts', ['--variant', 'optimized', '--port', `${port}`], services.env)
    const { code, output } = await gateway.exited
    holder.close()
    assert.equal(output, `port ${port} on 127.0.0.1 is in use; choose another one with --port\n`)
    assert.equal(code, 1)
  })

  it('a gateway whose database folder cannot be made says so and ends', async () => {
    const env = { ...services.env, DATABASE_DIR: '/dev/null/databases' }
    const { code, output } = await start('gateway/main.ts', ['--variant', 'optimized', '--port', '0'], env).exited
    assert.match(output, /^database in \/dev\/null\/databases cannot be opened: ENOTDIR.*\n$/)
    assert.equal(code, 1)
  })

  it('a gateway whose database file is something else says so, leaves it alone and ends', async () => {
    const file = join(services.folder, 'letter.txt')
    await writeFile(file, 'Dear database,')
    const env = { ...services.env, DATABASE_FILE: file }
    const { code, output } = await start('gateway/main.ts', ['--variant', 'optimized', '--port', '0'], env).exited
    assert.equal(output, `database ${file} cannot be opened: it is no SQLite database\n`)
    assert.equal(code, 1)
    assert.equal(await readFile(file, 'utf8'), 'Dear database,')
  })

  it('a gateway that is told to stop by Ctrl-C finishes its turns, says so, and ends at once by a second one', async () => {
    const gateway = await startGateway('optimized', services.env)
    await putSession(gateway.url, 's')
    const cutOff = assert.rejects(postTurn(gateway.url, 's', 1, 'stub:hang'))
    await eventually(
      () => heldByTurns(gateway.url),
      ({ calls }) => calls === 1,
    )
    process.kill(gateway.pid, 'SIGINT')
    await eventually(
      async () => gateway.printed(),
      (printed) => /finishing what is in flight, for 10000 ms at most; Ctrl-C again ends at once\n$/.test(printed),
    )
    process.kill(gateway.pid, 'SIGINT')
    assert.equal((await gateway.exited).code, 130)
    await cutOff
  })

  it('a gateway without a memory service says in its metrics that none is ready, and which figures only grow', async () => {
    const gateway = await startGateway('optimized', { ...services.env, MEMORY_URL: '' })
    const page = await (await fetch(`${gateway.url}/metrics`)).text()
    await gateway.stop()
    assert.match(page, /^gateway_memory_ready 0$/m)
    assert.match(page, /^# TYPE gateway_store_transactions counter\ngateway_store_transactions \d+$/m)
    assert.match(page, /^# TYPE gateway_turns_accepted counter$/m)
    assert.match(page, /^# TYPE gateway_permits_in_use gauge$/m)
  })

  it('a gateway whose model is away is not ready, and says what is missing', async () => {
    const env = { ...services.env, MODEL_URL: 'https://localhost:1' }
    const gateway = start('gateway/main.ts', ['--variant', 'optimized', '--port', '0'], env)
    const url = (await gateway.listening).match(/http:\S+/)?.[0]
    const response = await fetch(`${url}/readyz`)
    const { status, detail } = (await response.json()) as { status: number; detail: string }
    await gateway.stop()
    assert.equal(status, 503)
    assert.match(detail, /^model: the call to the model failed: .*ECONNREFUSED/)
  })
})
