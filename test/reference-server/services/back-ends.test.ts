import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { Redis } from 'ioredis'
import { Client } from 'pg'
import { folderOf } from '../../../reference-server/services/programs.ts'
import { backEndOrSkip, skipWithout, startPostgres, type TestBackEnd } from '../support/back-ends.ts'
import { start } from '../support/processes.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gateway-test-'))
  await chmod(folder, 0o755)
})
after(() => rm(folder, { recursive: true, force: true }))

/** A port that is taken until the test ends. */
const takenPort = async (t: { after(done: () => void): void }): Promise<number> => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  t.after(() => holder.close())
  return (holder.address() as AddressInfo).port
}

/** Runs statements one after the other on a connection of their own. @returns the rows of the last */
const query = async (url: string, ...statements: string[]): Promise<unknown[]> => {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    let rows: unknown[] = []
    for (const statement of statements) rows = (await client.query(statement)).rows
    return rows
  } finally {
    await client.end()
  }
}

const mentionedBy = (text: string): string[] =>
  spawnSync('ps', ['axo', 'args'], { encoding: 'utf8' })
    .stdout.split('\n')
    .filter((line) => line.includes(text))

describe('PostgreSQL beside the gateway', { concurrency: 1, skip: skipWithout('postgres') }, () => {
  let database: TestBackEnd
  before(async () => {
    database = await startPostgres()
  })
  after(() => database?.stop())

  it('lets the gateway in alone, with the durable settings that it has by default', async () => {
    const names = ['fsync', 'synchronous_commit', 'full_page_writes', 'max_connections', 'listen_addresses']
    const rows = await query(
      database.url,
      `SELECT setting FROM pg_settings WHERE name = ANY('{${names}}') ORDER BY array_position('{${names}}', name)`,
    )
    assert.deepEqual(
      rows.map((row) => (row as { setting: string }).setting),
      ['on', 'on', 'on', '400', '127.0.0.1'],
    )
    await query(database.url, 'CREATE DATABASE another')
    await assert.rejects(query(database.url.replace('gateway@', 'postgres@'), 'SELECT 1'), /no pg_hba\.conf entry/)
  })

  it('breaks off its clients when it stops, has what was committed when it comes back, and leaves nothing', async () => {
    await query(database.url, 'CREATE TABLE notes (text TEXT)', "INSERT INTO notes VALUES ('kept')")
    const client = new Client({ connectionString: database.url })
    await client.connect()
    const told: string[] = []
    client.on('error', (error) => told.push(error.message))
    const broken = new Promise((resolve) => client.once('end', resolve))
    await database.goDown()
    await broken
    assert.match(told[0] ?? '', /terminating connection due to administrator command/)
    await assert.rejects(query(database.url, 'SELECT 1'), { code: 'ECONNREFUSED' })
    await database.comeBack()
    assert.deepEqual(await query(database.url, 'SELECT text FROM notes'), [{ text: 'kept' }])
    await database.stop()
    assert.deepEqual(mentionedBy(`-p ${database.port}`), [])
  })
})

it('PostgreSQL starts from a template, which the first start makes, and removes its data', {
  skip: skipWithout('postgres'),
}, async (t) => {
  const [own, template] = [join(folder, 'templated'), join(folder, 'template')]
  const launch = async (port: number) => {
    const args = ['--port', `${port}`, '--data', own, '--template', template]
    return start('services/postgres.ts', args, {}).exited
  }
  // A port that is taken ends it after the template was made.
  const port = await takenPort(t)
  assert.deepEqual(await launch(port), {
    code: 1,
    output: `port ${port} on 127.0.0.1 is in use; choose another one with --port\n`,
  })
  const [version = '', ...others] = await readdir(template)
  assert.match(version, /^\d+$/)
  assert.deepEqual(others, [])
  await writeFile(join(template, version, 'mark'), '')
  await writeFile(join(template, version, 'postgresql.conf'), 'no setting\n')
  const { code, output } = await launch(port)
  assert.equal(code, 1)
  assert.match(output, /^postgres ended by itself with code 1: [^\n]+ parameter "no" in file [^\n]+templated[^\n]+\n$/)
  assert.deepEqual(await readdir(folder), ['template'])
})

describe('Redis beside the gateway', { concurrency: 2 }, () => {
  it('keeps nothing on disk, and is empty when it comes back', async (t) => {
    const backEnd = await backEndOrSkip(t, 'redis')
    if (!backEnd) return
    const client = new Redis(backEnd.url, { lazyConnect: true })
    client.on('error', () => {})
    t.after(() => client.disconnect())
    await client.connect()
    await client.set('key', 'value')
    assert.deepEqual(await client.config('GET', 'save'), ['save', ''])
    assert.deepEqual(await client.config('GET', 'appendonly'), ['appendonly', 'no'])
    assert.deepEqual(await client.config('GET', 'bind'), ['bind', '127.0.0.1'])
    await backEnd.goDown()
    await backEnd.comeBack()
    assert.equal(await client.get('key'), null)
    await backEnd.stop()
    assert.deepEqual(mentionedBy(`--port ${backEnd.port}`), [])
  })

  it('says when its port is taken', { skip: skipWithout('redis') }, async (t) => {
    const port = await takenPort(t)
    const { code, output } = await start('services/redis.ts', ['--port', `${port}`], {}).exited
    assert.deepEqual([code, output], [1, `port ${port} on 127.0.0.1 is in use; choose another one with --port\n`])
  })
})

describe('A back end that cannot start says in one line what to do', () => {
  const cases: [title: string, args: string[], env: Record<string, string>, code: number, says: RegExp][] = [
    [
      'not installed',
      ['--port', '1'],
      { PATH: '/nowhere' },
      69,
      /^redis-server is not installed \(Debian: apt-get install redis-server\)\n$/,
    ],
    ['no port', ['--port', '0'], {}, 104, /^--port is "0"; redis needs a port number\n$/],
    ['an option that it has not', ['--template', '/x'], {}, 104, /Options are: --port, --data, --keep\n$/],
    ['a wrong choice', ['--port', '1', '--keep', 'maybe'], {}, 104, /^--keep is "maybe"; expected yes or no\n$/],
    [
      "a folder with somebody's files",
      ['--port', '1', '--data', import.meta.dirname],
      {},
      104,
      /^--data: [^\n]+services is not empty; expected an empty folder\n$/,
    ],
    [
      'a data folder that cannot be made',
      ['--port', '1', '--data', '/dev/null/data'],
      {},
      1,
      /^--data: ENOTDIR[^\n]+\n$/,
    ],
  ]
  for (const [title, args, env, code, says] of cases) {
    it(title, { skip: title === 'not installed' ? false : skipWithout('redis') }, async () => {
      const exit = await start('services/redis.ts', args, env).exited
      assert.match(exit.output, says)
      assert.equal(exit.code, code)
    })
  }
})

it('Of several versions of a program the newest counts, where it is whole', async () => {
  const make = async (version: string, ...files: string[]): Promise<string> => {
    const bin = join(folder, 'versions', version, 'bin')
    await mkdir(bin, { recursive: true })
    for (const file of files) await writeFile(join(bin, file), '', { mode: 0o755 })
    return bin
  }
  const program = { name: 'p', files: ['one', 'two'], folders: join(folder, 'versions/*/bin'), install: 'x' }
  assert.equal(folderOf(program), undefined)
  await make('9', 'one', 'two')
  const newest = await make('10', 'one', 'two')
  await make('11', 'one')
  assert.equal(folderOf(program), newest)
})
