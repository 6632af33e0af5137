import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { localServer } from './local-server.ts'
import { runScript } from './run-script.ts'

describe('module k6/ws', { concurrency: 8 }, () => {
  const run = async (t: Parameters<typeof runScript>[0], body: string, options: Record<string, unknown> = {}) => {
    const server = await localServer(t)
    server.onSocket = (socket) => {
      socket.on('message', (data) => {
        const [order, code] = data.toString().split(' ')
        if (order === 'close') socket.close(code ? Number(code) : undefined, 'because')
        else if (order === 'terminate') socket.terminate()
        else if (order === 'ping') socket.ping()
      })
    }
    const source = `import ws from 'k6/ws'
import http from 'k6/http'
import { group, sleep } from 'k6'
const WS = __ENV.WS
const attempt = (f) => { try { console.log(JSON.stringify(f())) } catch (e) { console.log(e.name + ': ' + e.message) } }
export default function () {
${body}
}`
    const env = { WS: server.wsUrl, HTTP: server.url }
    return { ...(await runScript(t, source, { env, options })), server }
  }

  it('blocks until the session is over, and then gives the answer to the handshake', async (t) => {
    const { said, metric, server } = await run(
      t,
      `const params = { headers: { 'X-A': 'b' }, tags: { room: 'one' } }
       const response = ws.connect(WS + '/a', params, (socket) => {
         socket.on('open', () => { console.log('open'); socket.send('hi'); socket.sendBinary(new Uint8Array([1, 255]).buffer); socket.ping() })
         socket.on('message', (text) => console.log(text))
         socket.on('binaryMessage', (bytes) => console.log((bytes instanceof ArrayBuffer) + new Uint8Array(bytes).join()))
         socket.on('pong', () => { console.log('pong'); socket.send('ping') })
         socket.on('ping', () => { console.log('ping'); socket.close(); console.log('behind close') })
         socket.on('close', (code) => console.log('close ' + code))
         socket.on('no such', () => {})
         socket.on('message', 'no function')
         console.log('set up')
       })
       console.log([response.status, response.url === WS + '/a', response.headers.Upgrade, response.body, response.error].join())`,
    )
    assert.deepEqual(said, [
      'set up',
      'open',
      'hi',
      'true1,255',
      'pong',
      'ping',
      'close 1001',
      'behind close',
      '101,true,websocket,,',
    ])
    const counts = ['ws_sessions', 'ws_msgs_sent', 'ws_msgs_received', 'ws_ping', 'ws_connecting', 'ws_session_duration', 'iterations']
    assert.deepEqual(counts.map((name) => metric(name)?.count), [1, 3, 2, 1, 1, 1, 1])
    assert.ok(metric('data_sent')!.sum > 0 && metric('data_received')!.sum > 0)
    while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  }) // biome-ignore format: one list

  it('lets handlers block, one after the other, and the timers of the user wait', async (t) => {
    const { said } = await run(
      t,
      `setTimeout(() => console.log('timer of the user'), 1)
       ws.connect(WS, (socket) => {
         socket.on('open', () => { socket.send('x'); sleep(0.03); console.log('slept ' + http.get(__ENV.HTTP + '/status/204').status) })
         socket.on('message', (text) => { sleep(0.01); console.log('first ' + text) })
         socket.on('message', (text) => { console.log('second ' + text); socket.close() })
         socket.on('close', () => { sleep(0.01); console.log('closed') })
       })
       console.log('over')`,
    )
    assert.deepEqual(said, ['slept 204', 'first x', 'second x', 'closed', 'over', 'timer of the user'])
  })

  it('reads nothing while a handler waits: not even the end of the session', async (t) => {
    const { said, server } = await run(
      t,
      `ws.connect(WS, (socket) => {
         socket.on('open', () => { for (const order of ['a', 'b', 'ping', 'close 1000']) socket.send(order) })
         socket.on('message', (text) => { console.log(text + http.get(__ENV.HTTP + '/status/204').status) })
         socket.on('ping', () => { sleep(0.001); console.log('pinged') })
         socket.on('close', (code) => console.log('close ' + code))
       })
       console.log('over')`,
    )
    assert.deepEqual(said, ['a204', 'b204', 'pinged', 'ping204', 'close 1000', 'over'])
    while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('has timers that end with the session', async (t) => {
    const { said } = await run(
      t,
      `ws.connect(WS, (socket) => {
         let ticks = 0
         socket.setInterval(() => { if (++ticks === 3) { console.log('third'); socket.close() } }, 2)
         socket.setTimeout(() => console.log('once'), 1)
         socket.setTimeout(() => console.log('never'), 60000)
         attempt(() => socket.setTimeout(() => {}, 0))
         attempt(() => socket.setInterval(() => {}, -1))
         attempt(() => socket.setTimeout(3, 1))
       })`,
    )
    assert.deepEqual(said, [
      'GoError: setTimeout requires a >0 timeout parameter, received 0.00',
      'GoError: setInterval requires a >0 timeout parameter, received -1.00',
      'TypeError: could not convert function call parameter 0: could not convert 3 to sobek.Callable',
      'once',
      'third',
    ])
  })

  it('tells how the server ended the session, in the words of k6', async (t) => {
    const { said } = await run(
      t,
      `for (const order of ['close 4001', 'close 1000', 'close', 'terminate']) ws.connect(WS, (socket) => {
         socket.on('open', () => socket.send(order))
         socket.on('error', (e) => console.log(e.error()))
         socket.on('close', (code) => console.log(code))
       })`,
    )
    assert.deepEqual(said, [
      'websocket: close 4001: because',
      '4001',
      '1000',
      'websocket: close 1005 (no status)',
      '1005',
      'websocket: close 1006 (abnormal closure): unexpected EOF',
      '1006',
    ])
  })

  it('gives a response also where no session came about', async (t) => {
    const { said, metric } = await run(
      t,
      `const never = () => console.log('set up')
       attempt(() => ws.connect('ws://127.0.0.1:1/', never))
       attempt(() => ws.connect(__ENV.HTTP, never))
       const refused = ws.connect(WS + '/refuse', never)
       console.log([refused.status, refused.headers['X-Why'], refused.body, refused.error].join())`,
    )
    assert.deepEqual(said, [
      '{"url":"","status":0,"headers":{},"body":"","error":"dial tcp 127.0.0.1:1: connect: connection refused"}',
      '{"url":"","status":0,"headers":{},"body":"","error":"malformed ws or wss URL"}',
      '403,no,refused,',
    ])
    assert.equal(metric('ws_sessions')?.sum, 3)
  })

  it('with the option throw a session that did not come about is an exception', async (t) => {
    const { said } = await run(t, `attempt(() => ws.connect('ws://127.0.0.1:1/', () => {}))`, { throw: true })
    assert.deepEqual(said, ['GoError: dial tcp 127.0.0.1:1: connect: connection refused'])
  })

  it('hands on what a handler throws, and closes', async (t) => {
    const { said, server } = await run(
      t,
      `attempt(() => ws.connect(WS, () => { throw new Error('in the set-up') }))
       attempt(() => ws.connect(WS, (s) => { s.on('open', () => { sleep(0.001); throw new Error('in a handler') }); s.on('close', (c) => console.log(c)) }))
       attempt(() => ws.connect(WS, (s) => { s.setTimeout(() => { throw new Error('in a timer') }, 1) }))`,
    )
    assert.deepEqual(said, ['Error: in the set-up', '1001', 'Error: in a handler', 'Error: in a timer'])
    while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('refuses what k6 refuses', async (t) => {
    const { said, metric } = await run(
      t,
      `attempt(() => ws.connect(WS))
       attempt(() => ws.connect(WS, {}, 3))
       attempt(() => ws.connect(WS, { compression: 'gzip' }, () => {}))
       ws.connect(WS, (socket) => {
         for (const data of ['x', null, new Uint8Array(1)]) attempt(() => socket.sendBinary(data))
         attempt(() => socket.sendBinary())
         socket.on('error', (e) => console.log(String(e)))
         socket.on('open', () => console.log('open all the same'))
         socket.close()
         socket.send('late')
       })`,
    )
    assert.deepEqual(said, [
      'GoError: invalid number of arguments to ws.connect',
      'GoError: last argument to ws.connect must be a function',
      "GoError: unsupported compression algorithm 'gzip', supported algorithm is 'deflate'",
      'GoError: expected ArrayBuffer as argument, received: String',
      'GoError: expected ArrayBuffer as argument, received: null',
      'GoError: expected ArrayBuffer as argument, received: Uint8Array',
      'GoError: missing argument, expected ArrayBuffer',
      'websocket: close sent',
      'open all the same',
    ])
    assert.equal(metric('ws_msgs_sent')?.sum, 1)
  })

  it('has the tags that thresholds ask for', async (t) => {
    const thresholds = Object.fromEntries(
      ['status:101', 'subproto:p1', 'room:one', 'group:::g'].map((tag) => [`ws_sessions{${tag}}`, ['count==1']]),
    )
    const { result } = await run(
      t,
      `const params = { headers: { 'Sec-WebSocket-Protocol': 'p1' }, tags: { room: 'one' } }
       ws.connect('ws://127.0.0.1:1/', (socket) => {})
       group('g', () => ws.connect(WS, params, (socket) => socket.close()))`,
      { thresholds },
    )
    assert.deepEqual(result.thresholds.map(({ passed }) => passed), [true, true, true, true])
  }) // biome-ignore format: one list

  it('sends the cookies that go to its address', async (t) => {
    const { server } = await run(
      t,
      `http.cookieJar().set(__ENV.HTTP, 'id', '1')
       const jar = new http.CookieJar()
       jar.set(__ENV.HTTP, 'id', 'of the jar')
       ws.connect(WS + '/one', (socket) => socket.close())
       ws.connect(WS + '/two', { jar, headers: { Cookie: 'own=2' } }, (socket) => socket.close())`,
    )
    assert.deepEqual(server.handshakes.map(({ cookie }) => cookie), ['id=1', 'own=2; id="of the jar"'])
  }) // biome-ignore format: one list

  it('is interrupted with its user', async (t) => {
    const { said, metric, server } = await run(
      t,
      `ws.connect(WS, (socket) => { socket.on('open', () => socket.setInterval(() => socket.send('x'), 5)); socket.on('close', () => console.log('never')) })
       console.log('never')`,
      { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '500ms', gracefulStop: '20ms' } } },
    )
    assert.deepEqual(said, [])
    assert.deepEqual([metric('interrupted_iterations')?.sum, metric('ws_sessions')?.sum], [2, 2])
    while (server.sockets.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })
})
