import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { runScript } from './run-script.ts'

interface StreamServer {
  url: string
  seen: { method: string; url: string; headers: IncomingMessage['headers']; body: string }[]
  /** Streams that are open. */
  open: Set<ServerResponse>
}

/** `/events/3` sends three and ends; `/never` sends one and stays; `/close` without chunks; `/break` ends in a chunk. */
async function streamServer(t: TestContext): Promise<StreamServer> {
  const served: StreamServer = { url: '', seen: [], open: new Set() }
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    served.seen.push({ method: request.method!, url: request.url!, headers: request.headers, body })
    served.open.add(response)
    response.on('close', () => served.open.delete(response))
    await answer(request.url!, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  served.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return served
}

async function answer(url: string, response: ServerResponse): Promise<void> {
  const [, route, argument] = url.split('/')
  if (route === 'to') {
    response.writeHead(302, { location: `/${argument}/1` }).end('moved')
    return
  }
  if (route === 'missing') {
    response.writeHead(404, { 'x-why': 'no' }).end('not here')
    return
  }
  if (route === 'close') {
    response.socket!.end('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: all\n\n')
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.flushHeaders()
  const count = route === 'events' ? Number(argument) : 1
  for (let index = 1; index <= count; index++) {
    response.write(`id: ${index}\nevent: tick\n`)
    await new Promise((resolve) => setImmediate(resolve))
    response.write(`data: ${index}\n\n`)
  }
  if (route === 'events') response.end()
  if (route === 'break') response.socket!.end('ffff\r\ndata: cut')
}

const run = async (t: TestContext, body: string, options: Record<string, unknown> = {}) => {
  const server = await streamServer(t)
  const source = `import sse from 'k6/x/sse'
import http from 'k6/http'
import { sleep } from 'k6'
const URL = __ENV.URL
const attempt = (f) => { try { console.log(JSON.stringify(f())) } catch (e) { console.log(e.name + ': ' + e.message) } }
export default function () {
${body}
}`
  return { ...(await runScript(t, source, { env: { URL: server.url }, options })), server }
}

describe('module k6/x/sse', { concurrency: 8 }, () => {
  it('blocks until the stream ends, and then gives the answer', async (t) => {
    const { said, metric, server } = await run(
      t,
      `const response = sse.open(URL + '/events/3', { headers: { 'X-A': 'b' }, tags: { room: 'one' } }, (client) => {
         client.on('open', () => console.log('open'))
         client.on('event', (event) => console.log(JSON.stringify(event)))
         client.on('error', (e) => console.log(e.error()))
         console.log('set up')
       })
       console.log([response.status, response.url === URL + '/events/3', response.headers['Content-Type'], response.error].join())`,
      { thresholds: { 'sse_event{room:one}': ['count==3'], 'http_reqs{status:200}': ['count==1'] } },
    )
    const events = [1, 2, 3].map((n) => `{"id":"${n}","name":"tick","data":"${n}","comment":""}`)
    assert.deepEqual(said, ['set up', 'open', ...events, '200,true,text/event-stream,'])
    assert.deepEqual(
      ['sse_event', 'http_reqs', 'http_req_duration', 'http_req_sending'].map((name) => metric(name)?.count),
      [3, 1, 1, 1],
    )
    assert.deepEqual([metric('http_req_failed')?.count, metric('iterations')?.sum], [undefined, 1])
    assert.ok(metric('data_received')!.sum > 0)
    const [{ method, headers }] = server.seen as [StreamServer['seen'][number]]
    assert.deepEqual([method, headers.accept, headers['x-a']], ['GET', 'text/event-stream', 'b'])
  })

  it('lets handlers block, one after the other, and is closed by the script', async (t) => {
    const { said, server, metric } = await run(
      t,
      `sse.open(URL + '/events/50', (client) => {
         client.on('event', (event) => {
           sleep(0.005)
           console.log(event.id + ' ' + http.get(URL + '/missing').status)
           if (event.id === '2') { client.close(); client.close() }
         })
       })
       console.log('over')`,
    )
    assert.deepEqual(said, ['1 404', '2 404', 'over'])
    assert.equal(metric('sse_event')?.sum, 2)
    while (server.open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('takes a method and a body, and follows a redirect', async (t) => {
    const { said, server } = await run(
      t,
      `const heard = (client) => client.on('event', ({ data }) => console.log(data))
       console.log(sse.open(URL + '/events/1', { method: 'POST', body: ' {"a":1} ' }, heard).status)
       console.log(sse.open(URL + '/to/events', null, heard).status)`,
    )
    assert.deepEqual(said, ['1', '200', '1', '200'])
    assert.deepEqual(
      server.seen.map(({ method, url, body }) => [method, url, body]),
      [
        ['POST', '/events/1', '{"a":1}'],
        ['GET', '/to/events', ''],
        ['GET', '/events/1', ''],
      ],
    )
  })

  it('ends with the connection where nothing else tells the end', async (t) => {
    const { said } = await run(
      t,
      `sse.open(URL + '/close', (client) => client.on('event', ({ data }) => console.log(data)))
       sse.open(URL + '/break', (client) => { client.on('event', ({ data }) => console.log(data)); client.on('error', (e) => console.log(e.error())) })
       const response = sse.open(URL + '/missing', (client) => client.on('open', () => console.log('open')))
       console.log(response.status + response.headers['X-Why'])`,
    )
    assert.deepEqual(said, ['all', '1', 'unexpected EOF', 'open', '404no'])
  })

  it('gives a response also where no stream came about', async (t) => {
    const { said } = await run(
      t,
      `const never = () => console.log('set up')
       attempt(() => sse.open('http://127.0.0.1:1/', never))
       attempt(() => sse.open('ftp://x/', never))
       attempt(() => sse.open(URL))
       attempt(() => sse.open(URL, {}, 1))
       attempt(() => sse.open(URL, { timeout: 'soon' }, never))`,
    )
    assert.match(said[0]!, /^\{"url":"","status":0,"headers":\{\},"error":"dial: connection refused"\}$/)
    assert.match(said[1]!, /"error":"unsupported protocol scheme/)
    assert.deepEqual(said.slice(2, 4), [
      'GoError: invalid number of arguments to sse.open',
      'GoError: last argument to sse.open must be a function',
    ])
    assert.match(said[4]!, /^GoError: invalid sse\.open\(\) timeout/)
  })

  it('ends a stream that takes longer than its timeout, and hands on what a handler throws', async (t) => {
    const { said, server } = await run(
      t,
      `sse.open(URL + '/never', { timeout: '500ms' }, (client) => client.on('error', (e) => console.log(e.error())))
       attempt(() => sse.open(URL + '/never', (client) => client.on('event', () => { throw new Error('in a handler') })))`,
    )
    assert.deepEqual(said, ['request timeout', 'Error: in a handler'])
    while (server.open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })

  it('is interrupted with its user', async (t) => {
    const { said, metric, server } = await run(
      t,
      `sse.open(URL + '/never', (client) => client.on('event', ({ id }) => console.log(id)))
       console.log('never')`,
      { scenarios: { s: { executor: 'constant-vus', vus: 3, duration: '600ms', gracefulStop: '20ms' } } },
    )
    assert.deepEqual(said, ['1', '1', '1'])
    assert.deepEqual([metric('interrupted_iterations')?.sum, metric('sse_event')?.sum], [3, 3])
    while (server.open.size > 0) await new Promise((resolve) => setTimeout(resolve, 5))
  })
})
