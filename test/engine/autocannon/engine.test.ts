import assert from 'node:assert/strict'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { type AddressInfo, createServer as createPlainServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { autocannonEngine } from '../../../harness/engine/autocannon/engine.ts'
import type { LoadJob, LoadResult } from '../../../harness/engine/port.ts'
import { UserError } from '../../../harness/errors.ts'
import { decodeHistogram } from '../../../harness/metrics/histogram.ts'
import { selfSigned } from '../../support/certificate.ts'
import { scriptFiles } from '../sessions/k6/run-script.ts'

const goesOn = new AbortController().signal

/** A server of its own, and a job that loads it with this scenario. */
async function jobFor(t: TestContext, answer: RequestListener, scenario: string): Promise<LoadJob> {
  const server = createServer(answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const script = await scriptFiles(t, { 'script.js': `export default ${scenario}` })
  return { script, env: { BASE_URL: url }, options: {}, cpus: null, generators: 1 }
}

const sumOf = (result: LoadResult, metric: string): number =>
  result.metrics.find((each) => each.metric === metric && !each.phase && !each.scenario)?.sum ?? 0

const held = (result: LoadResult): Record<string, boolean> =>
  Object.fromEntries(result.conditions.map(({ metric, holds }) => [metric, holds]))

describe('the engine autocannon, in a process of its own', { concurrency: 1, timeout: 60_000 }, () => {
  it('tells of a scenario without running it', async (t) => {
    const job = await jobFor(
      t,
      () => assert.fail('ran'),
      "{ connections: 7, duration: '3s', requests: [{ path: '/' }] }",
    )
    const facts = await autocannonEngine.inspect({ ...job, options: { connections: 9 } }, goesOn)
    assert.deepEqual([facts.maxVUs, facts.durationS, facts.notes.primary], [9, 3.1, 'throughput{phase:load} value'])
    assert.deepEqual(facts.phases, [{ name: 'load', startS: 0.1, endS: 3.1 }])
    assert.deepEqual(facts.descriptions, ['load: 9 connections for 3s'])
    assert.match(facts.remarks!.join(' '), /resolution of 1 ms/)
    assert.equal(facts.digest?.length, 64)
  })

  it('counts each request once, with what was sent, and fills nothing up', async (t) => {
    const seen = new Map<string, string[]>()
    const made: string[] = []
    const job = await jobFor(
      t,
      (request, response) => {
        if (request.method === 'PUT') {
          made.push(request.url!)
          return void response.writeHead(201).end()
        }
        let body = ''
        request.on('data', (bytes) => (body += bytes))
        request.on('end', () => {
          seen.set(request.url!, [...(seen.get(request.url!) ?? []), body])
          // Slow enough for a histogram that is filled up to show it.
          setTimeout(() => response.end('{}'), 20)
        })
      },
      `{
        connections: 4, duration: '1s',
        setUp: (own) => [{ method: 'PUT', path: '/s' + own }],
        requests: (own) => [{ method: 'POST', path: '/s' + own, headers: { 'content-type': 'text/plain' }, body: (nth) => 'turn ' + nth }],
      }`,
    )
    let pid = 0
    const result = await autocannonEngine.run(job, { ready: (_, pids) => void (pid = pids[0]!) }, goesOn)
    assert.equal(result.exitCode, 0, result.endedBecause ?? '')
    assert.deepEqual(made.sort(), ['/s0', '/s1', '/s2', '/s3'])
    assert.deepEqual([...seen.keys()].sort(), ['/s0', '/s1', '/s2', '/s3'])
    for (const bodies of seen.values())
      assert.deepEqual(
        bodies,
        bodies.map((_, nth) => `turn ${nth}`),
      )
    const sent = [...seen.values()].flat().length
    const counted = sumOf(result, 'iterations')
    // What was under way at the end, or sent until autocannon heard of it, is neither done nor failed.
    assert.ok(counted > 0 && counted <= sent, `${counted} of ${sent}`)
    const [stored] = result.histograms.filter(({ metric, scenario }) => metric === 'http_req_duration' && !scenario)
    // Those before have the connecting in them.
    const timed = decodeHistogram(stored!.data).totalCount
    assert.ok(timed > 0.5 * counted && timed < sumOf(result, 'http_reqs'), `${timed} of ${counted}`)
    assert.equal(sumOf(result, 'http_req_failed'), 0)
    assert.deepEqual(held(result), { iterations: true, http_req_lost: true, connections_missing: true })
    assert.deepEqual(result.warnings, [])
    assert.equal(result.maxVUs, 4)
    assert.ok(result.series.some(({ metric }) => metric === 'throughput'))
    assert.ok('load' in result.generator!.utilizationByPhase)
    assert.equal(existsSync(`/proc/${pid}`), false, 'nothing of it is left')
  })

  it('sends several requests in turn, and several at once on a connection', async (t) => {
    const paths: string[] = []
    const job = await jobFor(
      t,
      (request, response) => {
        paths.push(request.url!)
        response.end()
      },
      "{ connections: 1, duration: '1s', pipelining: 3, requests: [{ path: '/a' }, { path: '/b' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    assert.deepEqual(paths.slice(0, 5), ['/a', '/b', '/a', '/b', '/a'])
    assert.equal(sumOf(result, 'http_req_lost'), 0)
  })

  it('says what is wrong where every request fails', async (t) => {
    const job = await jobFor(
      t,
      (_, response) => void response.writeHead(500).end(),
      "{ connections: 2, duration: '1s', requests: [{ path: '/' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    assert.equal(sumOf(result, 'iterations'), 0)
    assert.equal(sumOf(result, 'http_req_failed'), sumOf(result, 'http_reqs'))
    assert.deepEqual(held(result), { iterations: false, http_req_lost: true, connections_missing: true })
    assert.match(result.warnings.join(), /^all of \d+ requests failed: status 500 \(\d+\)$/)
  })

  it('takes as good what is expected', async (t) => {
    const job = await jobFor(
      t,
      (_, response) => void response.writeHead(404).end(),
      "{ connections: 2, duration: '1s', expectedStatuses: [404], requests: [{ path: '/' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    assert.equal(sumOf(result, 'http_req_failed'), 0)
    assert.equal(sumOf(result, 'iterations'), sumOf(result, 'http_reqs'))
  })

  it('finds out that a server closes connections without an answer, of which autocannon says nothing', async (t) => {
    let requests = 0
    const job = await jobFor(
      t,
      (_, response) => {
        if (++requests % 50 === 0) response.socket!.end()
        else response.end('ok')
      },
      "{ connections: 2, duration: '1s', requests: [{ path: '/' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    assert.deepEqual(held(result), { iterations: true, http_req_lost: false, connections_missing: true })
    assert.ok(sumOf(result, 'http_req_lost') > 0)
    assert.equal(sumOf(result, 'http_req_failed'), sumOf(result, 'http_req_lost'))
    assert.match(result.warnings.join('\n'), /went with their connection/)
  })

  it('takes a request that timed out for a failure, and for none that it lost track of', async (t) => {
    let requests = 0
    const job = await jobFor(
      t,
      (_, response) => {
        if (++requests % 100 !== 0) response.end('ok')
      },
      "{ connections: 2, duration: '3s', timeout: '1s', requests: [{ path: '/' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    assert.deepEqual(held(result), { iterations: true, http_req_lost: true, connections_missing: true })
    assert.ok(sumOf(result, 'http_req_failed') > 0)
    assert.match(result.warnings.join('\n'), /^\d+ of \d+ requests failed: no answer in time \(\d+\)$/)
  })

  it('may not be used after an answer that began and had no end in time', async (t) => {
    let requests = 0
    const job = await jobFor(
      t,
      (_, response) => {
        response.setHeader('content-length', 5)
        if (++requests % 100 === 0) response.write('be')
        else response.end('begun')
      },
      "{ connections: 1, duration: '2s', timeout: '1s', requests: [{ path: '/' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    assert.equal(held(result).http_req_lost, false)
    assert.match(result.warnings[0]!, /^\d+ answers began and had no end in time/)
  })

  it('may not be used where a connection is not open in time, and says which', async (t) => {
    const { key, cert } = await selfSigned('127.0.0.1')
    const secure = createSecureServer({ key, cert }, (_, response) => void response.end('ok'))
    let connections = 0
    // The first is served; those after it are accepted, and get no answer to their handshake.
    const door = createPlainServer((socket) => {
      socket.on('error', () => {})
      if (connections++ === 0) secure.emit('connection', socket)
    })
    t.after(() => door.close())
    door.listen(0, '127.0.0.1')
    await once(door, 'listening')
    const script = await scriptFiles(t, {
      'script.js': "export default { connections: 3, duration: '1s', requests: [{ path: '/' }] }",
    })
    const env = { BASE_URL: `https://127.0.0.1:${(door.address() as AddressInfo).port}` }
    const result = await autocannonEngine.run({ script, env, options: {}, cpus: null, generators: 1 }, {}, goesOn)
    assert.deepEqual(held(result), { iterations: true, http_req_lost: true, connections_missing: false })
    assert.equal(sumOf(result, 'connections_missing'), 2)
    assert.match(result.warnings.join(), /^2 connections \(\d( to \d|, \d)\) were not open 1 s after the start.*'2s'/)
  })

  it('takes a connection for open that is not answered before the measuring begins', async (t) => {
    const job = await jobFor(
      t,
      (_, response) => void setTimeout(() => response.end('ok'), 400),
      "{ connections: 3, duration: '1s', requests: [{ path: '/' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    assert.deepEqual(held(result), { iterations: true, http_req_lost: true, connections_missing: true })
    assert.deepEqual(result.warnings, [])
  })

  it('takes no time of the first answer of a connection, which has the connecting in it', async (t) => {
    const job = await jobFor(
      t,
      (_, response) => void setTimeout(() => response.end(), 250),
      "{ connections: 3, duration: '1s', requests: [{ path: '/' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    const [stored] = result.histograms.filter(({ metric, scenario }) => metric === 'http_req_duration' && !scenario)
    assert.ok(sumOf(result, 'http_reqs') > 3)
    assert.equal(decodeHistogram(stored!.data).totalCount, sumOf(result, 'http_reqs') - 3)
  })

  it('sees that autocannon takes interim answers for answers, and sends too often', async (t) => {
    const job = await jobFor(
      t,
      (_, response) => {
        response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' })
        setTimeout(() => response.end('ok'), 20)
      },
      "{ connections: 1, duration: '1s', requests: [{ path: '/' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    assert.equal(held(result).http_req_lost, false)
    assert.match(
      result.warnings.join('\n'),
      /^\d+ interim answers.*\(status 103\), so nothing of this load may be used/,
    )
  })

  it('names an answer without a body that says how long it is, and takes one that does not', async (t) => {
    const job = (headers: Record<string, string>) =>
      jobFor(
        t,
        (_, response) => void response.writeHead(304, headers).end(),
        "{ connections: 1, duration: '2s', timeout: '1s', expectedStatuses: [304], requests: [{ path: '/' }] }",
      )
    const silent = await autocannonEngine.run(await job({}), {}, goesOn)
    assert.deepEqual(held(silent), { iterations: true, http_req_lost: true, connections_missing: true })
    assert.deepEqual(silent.warnings, [])
    const announcing = await autocannonEngine.run(await job({ 'content-length': '5' }), {}, goesOn)
    assert.equal(held(announcing).http_req_lost, false)
    assert.match(announcing.warnings[0]!, /announce one, .* \(status 304\)/)
  })

  it('ends where the set-up is refused, and says which request', async (t) => {
    const job = await jobFor(
      t,
      (_, response) => void response.writeHead(403).end(),
      "{ setUp: () => [{ method: 'PUT', path: '/s' }], requests: [{ path: '/' }] }",
    )
    const result = await autocannonEngine.run(job, {}, goesOn)
    assert.match(result.endedBecause!, /setUp: PUT \/s was answered with status 403, expected 200 to 299/)
    assert.notEqual(result.exitCode, 0)
  })

  it('sends all to where the base is, set-up too, as a k6 script does', async (t) => {
    const paths = new Set<string>()
    const job = await jobFor(
      t,
      (request, response) => {
        paths.add(request.url!)
        response.end()
      },
      "{ connections: 1, duration: '1s', setUp: () => [{ path: '/s' }], requests: [{ path: '/hello' }] }",
    )
    const result = await autocannonEngine.run({ ...job, env: { BASE_URL: `${job.env.BASE_URL}/api` } }, {}, goesOn)
    assert.equal(result.exitCode, 0, result.endedBecause ?? '')
    assert.deepEqual([...paths], ['/api/s', '/api/hello'])
    await assert.rejects(
      autocannonEngine.inspect({ ...job, env: { BASE_URL: 'localhost:80' } }, goesOn),
      /BASE_URL: expected an address/,
    )
  })

  const faults: [what: string, scenario: string, told: RegExp][] = [
    [
      'that the requests of a connection threw',
      "{ connections: 5, requests: (own) => { if (own === 3) throw new Error('no token'); return [{ path: '/' }] } }",
      /script\.js: requests\(3\): no token$/,
    ],
    [
      'that a body threw',
      "{ requests: [{ method: 'POST', path: '/', body: (nth) => { if (nth === 5) throw new Error('no rows'); return 'x' } }] }",
      /script\.js: body\(5\): no rows$/,
    ],
    [
      'that a body is none, from the first on',
      "{ requests: [{ method: 'POST', path: '/', body: (nth) => ({ nth }) }] }",
      /script\.js: body\(0\): expected a text, found object$/,
    ],
    [
      'that a body of the set-up is none',
      "{ setUp: () => [{ method: 'POST', path: '/', body: () => undefined }], requests: [{ path: '/' }] }",
      /script\.js: body\(0\): expected a text, found undefined$/,
    ],
  ]
  for (const [what, scenario, told] of faults)
    it(`ends with a fault of the file, and says ${what}`, async (t) => {
      const job = await jobFor(t, (_, response) => void response.end(), scenario)
      const result = await autocannonEngine.run(job, {}, goesOn)
      assert.match(result.endedBecause!, told)
      assert.equal(result.exitCode, 107)
    })

  it('ends at once when it is interrupted, and leaves no process', async (t) => {
    const interrupt = new AbortController()
    const job = await jobFor(
      t,
      (_, response) => void response.end(),
      "{ connections: 2, duration: '50s', requests: [{ path: '/' }] }",
    )
    let pid = 0
    const result = await autocannonEngine.run(
      job,
      { ready: (_, pids) => void (pid = pids[0]!), progress: () => interrupt.abort() },
      interrupt.signal,
    )
    assert.equal(result.exitCode, 105)
    assert.equal(existsSync(`/proc/${pid}`), false)
  })

  it('says which file is not there, or is no scenario', async (t) => {
    const job = await jobFor(t, () => {}, '{ requests: [] }')
    await assert.rejects(
      autocannonEngine.inspect({ ...job, script: '/nowhere.ts' }, goesOn),
      (error) => error instanceof UserError && /nowhere\.ts does not exist/.test(error.message),
    )
    await assert.rejects(autocannonEngine.inspect(job, goesOn), /expected a request at least/)
  })
})
