import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { localServer } from './local-server.ts'
import { runScript } from './run-script.ts'

describe('module k6/websockets', { concurrency: 8 }, () => {
  const run = async (t: Parameters<typeof runScript>[0], body: string, options: Record<string, unknown> = {}) => {
    const server = await localServer(t)
    const source = `import { Blob, WebSocket } from 'k6/websockets'
import { sleep } from 'k6'
export default function () {
${body}
}
export function teardown() { console.log('torn down') }`
    return { ...(await runScript(t, source, { env: { WS: server.wsUrl }, options })), server }
  }

  it('opens, talks in text and bytes, closes; the iteration lasts until then', async (t) => {
    const { said, metric } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS + '/a', null, { tags: { room: 'one' }, headers: { 'X-A': 'b' } })
       console.log([ws.readyState, ws.url.slice(-2), ws.bufferedAmount].join())
       ws.binaryType = 'arraybuffer'
       ws.onopen = (event) => { console.log(event.type + ws.readyState); ws.send('hi'); ws.send(new Uint8Array([1, 2, 255]).buffer) }
       let heard = 0
       ws.onmessage = ({ data }) => {
         console.log(typeof data === 'string' ? data : new Uint8Array(data).join() + (data instanceof ArrayBuffer))
         if (++heard === 2) ws.close(1000, 'bye')
       }
       ws.addEventListener('message', (event) => console.log('also ' + event.type))
       ws.onclose = ({ code, reason, type }) => console.log([type, code, reason, ws.readyState].join())
       ws.onerror = ({ error }) => console.log('error ' + error)
       console.log('main is over')`,
    )
    assert.deepEqual(said, ['0,/a,0', 'main is over', 'open1', 'hi', 'also message', '1,2,255true', 'also message', 'close,1000,bye,3', 'torn down'])
    // The close counts among the messages sent, as in k6.
    const sums = ['ws_sessions', 'ws_msgs_sent', 'ws_msgs_received', 'iterations'].map((name) => metric(name)?.sum)
    assert.deepEqual(sums, [1, 3, 2, 1])
    assert.deepEqual([metric('ws_connecting')?.count, metric('ws_session_duration')?.count], [1, 1])
    assert.ok(metric('data_sent')!.sum > 0 && metric('data_received')!.sum > 0)
  }) // biome-ignore format: one list

  it('sends 1000 where close() is given nothing', async (t) => {
    const { said } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS)
       ws.onopen = () => ws.close()
       ws.onclose = ({ code }) => console.log(code)`,
    )
    assert.deepEqual(said, ['1000', 'torn down'])
  })

  it('pings and is told of the pong', async (t) => {
    const { said, metric } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS)
       ws.onopen = () => ws.ping()
       ws.onpong = () => { console.log('pong'); ws.close() }`,
    )
    assert.deepEqual(said, ['pong', 'torn down'])
    assert.equal(metric('ws_ping')?.count, 1)
  })

  it('tells of a server that is not there, and the iteration ends well', async (t) => {
    const { said, metric, warnings } = await run(
      t,
      `const ws = new WebSocket('ws://127.0.0.1:1/')
       ws.onopen = () => console.log('open')
       ws.onerror = ({ type, error }) => console.log(type + ' ' + typeof error)
       ws.onclose = () => console.log('close ' + ws.readyState)`,
    )
    assert.deepEqual(said, ['error string', 'close 3', 'torn down'])
    // k6 counts a session that did not come about as well.
    assert.deepEqual([metric('ws_sessions')?.sum, metric('iterations')?.sum, warnings.length], [1, 1, 1])
  })

  it('handlers wait while another of the user blocks', async (t) => {
    const { said } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS)
       ws.onopen = () => { ws.send('x'); sleep(0.05); console.log('slept') }
       ws.onmessage = ({ data }) => { console.log('heard ' + data); ws.close() }`,
    )
    assert.deepEqual(said, ['slept', 'heard x', 'torn down'])
  })

  it('an exception in a handler ends the iteration and the session; the next goes on', async (t) => {
    const { errors, server, metric } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS)
       ws.onopen = () => { throw new Error('in a handler') }`,
      { iterations: 2 },
    )
    assert.equal(errors.length, 2)
    assert.match(errors[0]!, /in a handler.*script\.js:5:/s)
    assert.equal(metric('iterations')?.sum, 2)
    while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('is interrupted with its session when the graceful stop is over', async (t) => {
    const { said, metric, server, result } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS)
       ws.onopen = () => setInterval(() => ws.send('x'), 20)
       ws.onclose = () => console.log('never')`,
      { scenarios: { s: { executor: 'constant-vus', vus: 3, duration: '1500ms', gracefulStop: '50ms' } } },
    )
    assert.deepEqual(said, ['torn down'])
    assert.deepEqual(
      [metric('interrupted_iterations')?.sum, metric('ws_sessions')?.sum, metric('iterations')],
      [3, 3, undefined],
    )
    assert.equal(result.socketsAtPhaseEnd.s, 3)
    while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('holds many sessions of many users', async (t) => {
    const { metric, server } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS)
       ws.onopen = () => ws.send('x')
       ws.onmessage = () => setTimeout(() => ws.close(), 50)`,
      { vus: 100, iterations: 200 },
    )
    assert.deepEqual(['ws_sessions', 'ws_msgs_received', 'iterations'].map((name) => metric(name)?.sum), [200, 200, 200])
    while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }) // biome-ignore format: one list

  it('gives bytes as a Blob unless asked otherwise, and sends one', async (t) => {
    const { said, errors } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS)
       ws.onopen = () => { ws.send(new Blob(['a', new Uint8Array([66, 67]), new Blob(['é'])], { type: 'x/y' })); console.log(ws.bufferedAmount) }
       ws.onmessage = async ({ data, origin, target }) => {
         console.log([data instanceof Blob, data.size, data.type, String(data), origin === __ENV.WS, target === ws].join())
         console.log([await data.text(), new Uint8Array(await data.arrayBuffer()).join(), (await data.bytes()).length, data.slice(1, 3).size].join())
         ws.close()
       }`,
    )
    assert.deepEqual([said, errors], [['5', 'true,5,,[object Blob],true,true', 'aBCé,97,66,67,195,169,5,2', 'torn down'], []])
  }) // biome-ignore format: one list

  it('shows a state that changes only when the event loop has come to it', async (t) => {
    const { said } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS)
       sleep(0.05)
       console.log(ws.readyState)
       ws.onopen = () => { console.log(ws.readyState); ws.close(); console.log(ws.readyState); ws.close() }
       ws.onclose = () => console.log(ws.readyState)`,
    )
    assert.deepEqual(said, ['0', '1', '2', '3', 'torn down'])
  })

  it('may be closed before it is open: it never opens then, and ends well', async (t) => {
    const { said, metric } = await run(
      t,
      `const ws = new WebSocket(__ENV.WS)
       for (const type of ['open', 'error', 'close']) ws.addEventListener(type, (event) => console.log(type + event.code))
       ws.close()`,
    )
    assert.deepEqual(said, ['close1000', 'torn down'])
    assert.equal(metric('ws_sessions')?.sum, 1)
  })

  it('tells how a session failed or was ended, in the words of k6', async (t) => {
    const { said } = await run(
      t,
      `const listen = (ws) => { ws.onerror = ({ error }) => console.log(error); ws.onclose = ({ code, reason }) => console.log(code + reason) }
       const ws = new WebSocket(__ENV.WS + '/refuse')
       listen(ws)
       ws.addEventListener('close', () => {
         const other = new WebSocket(__ENV.WS)
         listen(other)
         other.onopen = () => other.close(3001, 'why')
       })`,
    )
    assert.deepEqual(said, ['websocket: bad handshake', 'undefined', 'websocket: close 3001: why', '3001why', 'torn down'])
  }) // biome-ignore format: one list

  it('refuses what k6 refuses, in its words', async (t) => {
    const { said, warnings } = await run(
      t,
      `const attempt = (f) => { try { f(); console.log('taken') } catch (e) { console.log(e.name + ': ' + e.message) } }
       attempt(() => new WebSocket())
       attempt(() => new WebSocket('http://x/'))
       attempt(() => new WebSocket('ws://x/#a'))
       attempt(() => new WebSocket(__ENV.WS, null, { compression: 'gzip' }))
       attempt(() => new WebSocket(__ENV.WS, null, { color: 'red' }))
       const ws = new WebSocket(__ENV.WS)
       attempt(() => ws.send('early'))
       attempt(() => { ws.binaryType = 'text' })
       attempt(() => { ws.onopen = 3 })
       ws.addEventListener('message!', () => {})
       ws.onopen = () => {
         attempt(() => ws.send(1))
         attempt(() => ws.close(1001))
         ws.close()
       }`,
    )
    assert.deepEqual(said, [
      'GoError: WebSocket requires a url',
      'GoError: WebSocket requires url with scheme ws or wss, but got "http"',
      'GoError: WebSocket requires no url fragment, but got "a"',
      "GoError: unsupported compression algorithm 'gzip', supported algorithm is 'deflate'",
      "GoError: unknown WebSocket's option color",
      'GoError: InvalidStateError',
      'GoError: unknown binaryType text, the supported ones are "blob" and "arraybuffer"',
      "GoError: a value for 'onopen' should be callable",
      'GoError: unsupported send type int64',
      "GoError: InvalidAccessError: Failed to execute 'close' on 'WebSocket': The close code must be either 1000, or between 3000 and 4999. 1001 is neither",
      'torn down',
    ])
    assert.deepEqual(warnings, ["can't add event handler: unknown event type: message!"])
  })
})
