import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { brotliCompressSync } from 'node:zlib'
import { answer, rawServer } from '../transport/http-support.ts'
import { runScript } from './run-script.ts'

/** Runs a body of a script against a server of raw bytes, and counts what came in and went out there. */
async function runAgainst(
  t: TestContext,
  reply: (socket: Socket, request: string, number: number) => void,
  body: string,
) {
  const server = await rawServer(t, reply)
  const run = await runScript(
    t,
    `import http from 'k6/http'
     const url = __ENV.URL
     export default function () { ${body} }`,
    { env: { URL: server.url } },
  )
  const bytes = (of: (socket: Socket) => number): number => server.sockets.reduce((sum, socket) => sum + of(socket), 0)
  return {
    ...run,
    sum: (name: string): number => run.metric(name)?.sum ?? 0,
    bytesIn: bytes(({ bytesRead }) => bytesRead),
    bytesOut: bytes(({ bytesWritten }) => bytesWritten),
  }
}

const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n'

describe('what is recorded of a request', { concurrency: 4 }, () => {
  it('tells exactly the bytes that the server was sent and sent, redirects and broken bodies too', async (t) => {
    const { sum, bytesIn, bytesOut } = await runAgainst(
      t,
      (socket, request) => {
        if (request.startsWith('GET /moved')) socket.write(answer('away', 'Location: /\r\n', '302 Found'))
        else socket.write(request.startsWith('GET /chunks') ? chunked : answer('plain ä'))
      },
      `http.get(url); http.get(url + '/chunks', { headers: { 'X-Own': 'value' } }); http.get(url + '/moved')
       http.post(url, 'a body', { headers: { 'X-Own': 'other' } }); http.post(url, { form: 'ü' })`,
    )
    assert.equal(sum('http_reqs'), 6)
    assert.ok(bytesIn > 0 && bytesOut > 0)
    assert.deepEqual([sum('data_sent'), sum('data_received')], [bytesIn, bytesOut])
  })

  it('sends no byte where nobody listens', async (t) => {
    const { metric } = await runScript(
      t,
      `import http from 'k6/http'
       export default function () { http.post('http://127.0.0.1:1/', 'a body') }`,
      { options: { iterations: 2 } },
    )
    assert.deepEqual([metric('http_reqs')?.sum, metric('data_sent')?.sum], [2, 0])
  })

  it('has three stages that make up its duration, each where the time went', async (t) => {
    const pauseMs = 40
    const { sum, said } = await runAgainst(
      t,
      async (socket) => {
        await setTimeout(pauseMs)
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n')
        await setTimeout(pauseMs)
        // However late a busy machine is, the head has been read before the body is written.
        for (let turn = 0; turn < 3; turn++) await setImmediate()
        socket.write('body')
      },
      'console.log(JSON.stringify(http.get(url).timings))',
    )
    const { duration, sending, waiting, receiving } = JSON.parse(said[0]!)
    assert.ok(Math.abs(sending + waiting + receiving - duration) < 1e-6)
    assert.ok(waiting > 0 && receiving > 0 && duration >= 2 * pauseMs - 2)
    for (const [stage, valueMs] of Object.entries({ duration, sending, waiting, receiving }))
      assert.ok(Math.abs(sum(`http_req_${stage}`) - valueMs) < 1e-6, stage)
  })

  it('counts what was sent once more because the server had left the connection, and nothing else', async (t) => {
    const { sum } = await runAgainst(
      t,
      (socket, request, number) => {
        if (number === 0) socket.write(answer(request.slice(0, 5)))
        else socket.end()
      },
      'for (let turn = 0; turn < 3; turn++) http.get(url)',
    )
    assert.deepEqual([sum('http_reqs'), sum('http_req_retried'), sum('http_req_failed')], [3, 2, 0])
  })

  it('has the error code, the error and the body that k6 gives a compressed body that breaks off', async (t) => {
    const half = brotliCompressSync('hello '.repeat(100)).subarray(0, -6).toString('latin1')
    const { said } = await runAgainst(
      t,
      (socket) =>
        socket.write(
          `HTTP/1.1 200 OK\r\nContent-Encoding: br\r\nContent-Length: ${half.length}\r\n\r\n${half}`,
          'latin1',
        ),
      'const r = http.get(url); console.log(JSON.stringify([r.error_code, r.error, r.body]))',
    )
    assert.deepEqual(said, ['[1000,"unexpected EOF",""]'])
  })

  it('that fails is warned of once a kind of failure, whatever the server sent', async (t) => {
    let turn = 0
    const { warnings, sum } = await runAgainst(
      t,
      (socket) =>
        socket.end(++turn % 2 === 0 ? `HTTP/1.1 ${turn}x OK\r\n\r\n` : `garbage ${turn} "quoted${turn}"\r\n\r\n`),
      'for (let turn = 0; turn < 10; turn++) http.get(url)',
    )
    assert.equal(sum('http_req_failed'), 10)
    assert.equal(warnings.length, 2, warnings.join('\n'))
  })
})
