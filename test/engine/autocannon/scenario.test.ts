import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readScenario } from '../../../harness/engine/autocannon/scenario.ts'
import { UserError } from '../../../harness/errors.ts'

const read = (exported: unknown, options = {}, env = {}) => readScenario(exported, env, options, 'turn.ts')

test('A scenario says what it leaves out, and options win over it', () => {
  const scenario = read({ requests: [{ path: '/a' }], connections: 5 }, { connections: 200, duration: '2s' })
  assert.deepEqual(
    [scenario.connections, scenario.duration, scenario.pipelining, scenario.timeout, scenario.primary],
    [200, 2000, 1, 10_000, 'throughput{phase:load} value'],
  )
  assert.deepEqual(scenario.requests, [{ method: 'GET', path: '/a', headers: {} }])
  assert.deepEqual(scenario.setUpOf(3), [])
})

test('A scenario may be a function of the environment, and its requests a function of the connection', () => {
  const written = (env: Record<string, string>) => ({
    setUp: (connection: number) => [{ method: 'PUT', path: `/${env.NAME}-${connection}` }],
    requests: (connection: number) => [{ path: `/${env.NAME}-${connection}`, body: (nth: number) => `turn ${nth}` }],
  })
  const scenario = read(written, {}, { NAME: 'session' })
  assert.equal(scenario.requests, null)
  assert.equal(scenario.requestsOf(7)[0]!.path, '/session-7')
  assert.equal(scenario.setUpOf(8)[0]!.path, '/session-8')
})

const wrong: [what: string, exported: unknown, options: Record<string, unknown>, told: RegExp][] = [
  ['nothing', undefined, {}, /turn\.ts: expected a default export/],
  ['a stranger', { requests: [{ path: '/' }], rate: 5 }, {}, /turn\.ts: key "rate" does not exist/],
  ['no request', { requests: [] }, {}, /expected a request at least/],
  ['no path', { requests: [{ method: 'GET' }] }, {}, /turn\.ts: key "requests\.0\.path"/],
  ['a small method', { requests: [{ method: 'get', path: '/' }] }, {}, /in capitals/],
  ['HEAD', { requests: [{ path: '/', method: 'HEAD' }] }, {}, /key "requests\.0\.method": .* answer to HEAD/],
  ['CONNECT', { requests: [{ path: '/', method: 'CONNECT' }] }, {}, /does not send CONNECT: expected one of GET/],
  ['interim answers', { requests: [{ path: '/' }], expectedStatuses: [103] }, {}, /expected 200 to 599/],
  ['no connection', { requests: [{ path: '/' }], connections: 0 }, {}, /key "connections"/],
  ['a moment', { requests: [{ path: '/' }], duration: '10ms' }, {}, /expected 1s or more/],
  ['an option of k6', { requests: [{ path: '/' }] }, { vus: 5 }, /option "vus" does not exist for autocannon/],
  ['pipelined own requests', { requests: () => [{ path: '/' }], pipelining: 2 }, {}, /cannot be pipelined/],
  ['pipelined made bodies', { requests: [{ path: '/', body: () => '' }], pipelining: 2 }, {}, /cannot be pipelined/],
]

for (const [what, exported, options, told] of wrong)
  test(`A scenario with ${what} is refused by name`, () => {
    assert.throws(
      () => read(exported, options),
      (error) => error instanceof UserError && told.test(error.message),
    )
  })

test('A set-up is not sent by autocannon, and may use HEAD', () => {
  const scenario = read({ requests: [{ path: '/' }], setUp: () => [{ path: '/', method: 'HEAD' }] })
  assert.equal(scenario.setUpOf(0)[0]!.method, 'HEAD')
})

test('A function that throws is a fault of the file, by name', () => {
  const fails = (): never => {
    throw new Error('no token')
  }
  const isFault = (told: string) => (error: unknown) =>
    error instanceof UserError && error.message === told && error.exitCode === 107
  assert.throws(() => read(fails), isFault('turn.ts: no token'))
  assert.throws(() => read({ requests: fails }).requestsOf(3), isFault('turn.ts: requests(3): no token'))
  assert.throws(
    () => read({ requests: [{ path: '/' }], setUp: fails }).setUpOf(2),
    isFault('turn.ts: setUp(2): no token'),
  )
})

test('The path of the base stands before that of each request', () => {
  const written = { requests: [{ path: '/a' }], setUp: () => [{ path: '/b' }] }
  const scenario = read(written, {}, { BASE_URL: 'http://me:secret@h:8080/api/' })
  assert.equal(scenario.origin, 'http://me:secret@h:8080')
  assert.deepEqual([scenario.requestsOf(0)[0]!.path, scenario.setUpOf(0)[0]!.path], ['/api/a', '/api/b'])
  for (const BASE_URL of ['h:8080', 'ws://h', 'http://h/?x=1', ''])
    assert.throws(() => read(written, {}, { BASE_URL }), /BASE_URL: expected an address/)
})

test('What a function gives is looked at as well', () => {
  const scenario = read({ requests: () => [{ path: 'no slash' }], setUp: () => 'none' })
  assert.throws(() => scenario.requestsOf(4), /requests\(4\).*begins with/)
  assert.throws(() => scenario.setUpOf(4), /setUp\(4\)/)
})
