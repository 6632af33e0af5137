import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer, text } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import type { GatewayConfig } from '../../../reference-server/gateway/config.ts'
import { Lifecycle } from '../../../reference-server/gateway/lifecycle.ts'
import { passThroughProxy } from '../../../reference-server/proxy/pass-through.ts'
import { pollingProxy } from '../../../reference-server/proxy/polling.ts'
import type { ModelProxy } from '../../../reference-server/proxy/port.ts'
import { eventually } from '../support/client.ts'

const listen = async (t: TestContext, listener: RequestListener): Promise<URL> => {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    server.close()
    server.closeAllConnections()
  })
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
}

interface Fronted {
  url: string
  proxy: ModelProxy
  /** What the proxy threw, as statuses or messages. */
  failures: (number | string)[]
  /** The answers to clients. */
  answers: ServerResponse[]
}

type MakeProxy = (config: GatewayConfig) => ModelProxy

/** A server that passes everything on, before a model whose server does what the test says. */
const front = async (
  t: TestContext,
  make: MakeProxy,
  model: RequestListener,
  deadlineMs = 60_000,
): Promise<Fronted> => {
  const modelUrl = await listen(t, model)
  modelUrl.pathname = '/base/'
  const proxy = make({ modelUrl, authority: '', upstreamTimeoutMs: deadlineMs } as GatewayConfig)
  t.after(() => proxy.close())
  const failures: (number | string)[] = []
  const answers: ServerResponse[] = []
  const forward = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    answers.push(response)
    const cancel = new AbortController()
    response.once('close', () => {
      if (!response.writableFinished) cancel.abort(new Error('the client is gone'))
    })
    const { method = '', url: path = '', headers } = asked
    const body = await buffer(asked)
    const given = {
      method,
      path,
      headers,
      body: body.length > 0 ? body : undefined,
      apiKey: 'key-of-caller',
      lifecycle: new Lifecycle(),
    }
    await proxy.forward(given, response, cancel.signal).catch((error) => {
      failures.push(error.status ?? error.message)
      response.statusCode = error.status ?? 500
      response.end('the proxy failed')
    })
  }
  const url = await listen(t, (asked, response) => {
    // As the gateway's own answers have it.
    response.setHeader('access-control-allow-origin', 'https://app.example').setHeader('vary', 'origin')
    void forward(asked, response)
  })
  return { url: url.origin, proxy, failures, answers }
}

const answered = (url: string, headers: Record<string, string> = {}): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => get(url, { headers, agent: false }, resolve).on('error', reject))

const isIdle = (proxy: ModelProxy) =>
  eventually(
    async () => proxy.inFlight,
    (count) => count === 0,
  )

for (const [kind, make] of Object.entries({ 'pass-through': passThroughProxy, polling: pollingProxy })) {
  describe(`Proxy, ${kind}`, () => {
    it('leaves to the gateway which pages may read an answer, and says what both vary it by', async (t) => {
      const { url } = await front(t, make, (_asked, response) => {
        response.writeHead(200, {
          'access-control-allow-origin': '*',
          'Access-Control-Expose-Headers': 'x-model',
          vary: 'accept-encoding',
        })
        response.end('{}')
      })
      const { headers, statusCode } = await answered(`${url}/v1/models`)
      assert.equal(statusCode, 200)
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith('access-control')),
        ['access-control-allow-origin'],
      )
      assert.equal(headers['access-control-allow-origin'], 'https://app.example')
      assert.equal(headers.vary, 'accept-encoding, origin')
    })

    it('passes method, path, query and body on, with the key of the caller and without what is between neighbours', async (t) => {
      let seen: unknown
      const { url } = await front(t, make, async (asked, response) => {
        const { host: _host, 'user-agent': _agent, ...headers } = asked.headers
        seen = { method: asked.method, url: asked.url, headers, body: await text(asked) }
        response.end('{}')
      })
      const sent = request(`${url}/v1/files?purpose=a%2Fb`, {
        method: 'PUT',
        agent: false,
        headers: {
          authorization: 'Bearer gateway-key',
          'x-api-key': 'gateway-key',
          'content-type': 'text/plain',
          'x-request-id': 'r-1',
          'proxy-authorization': 'Basic x',
          te: 'trailers',
          'x-hop': 'a',
          connection: 'close, x-hop',
        },
      }).end('a body')
      const [response] = (await once(sent, 'response')) as [IncomingMessage]
      assert.equal(await text(response), '{}')
      const headers = {
        ...{ authorization: 'Bearer key-of-caller', 'content-type': 'text/plain', 'x-request-id': 'r-1' },
        ...{ connection: 'keep-alive', 'content-length': '6' },
      }
      assert.deepEqual(seen, { method: 'PUT', url: '/base/v1/files?purpose=a%2Fb', headers, body: 'a body' })
    })

    for (const status of [200, 201, 302, 400, 404, 429, 500, 503]) {
      it(`gives an answer of status ${status} back as it is, headers and body`, async (t) => {
        const { url, failures, proxy } = await front(t, make, (_asked, response) => {
          const own = { 'retry-after': '7', 'x-request-id': 'r-1', 'set-cookie': ['a=1', 'b=2'], location: '/v1/x' }
          response.writeHead(status, 'As It Is', { ...own, 'x-hop': 'a', connection: 'keep-alive, x-hop' })
          response.end(`{"status":${status}}`)
        })
        const response = await answered(`${url}/v1/x`)
        assert.deepEqual([response.statusCode, response.statusMessage], [status, 'As It Is'])
        const { headers } = response
        assert.equal(headers['retry-after'], '7')
        assert.equal(headers['x-request-id'], 'r-1')
        assert.equal(headers.location, '/v1/x')
        assert.deepEqual(headers['set-cookie'], ['a=1', 'b=2'])
        assert.equal(headers['x-hop'], undefined)
        assert.equal(await text(response), `{"status":${status}}`)
        assert.deepEqual(failures, [])
        await isIdle(proxy)
      })
    }

    it('answers HEAD and what has no body', async (t) => {
      const { url } = await front(t, make, (asked, response) => {
        if (asked.method === 'HEAD') return void response.writeHead(200, { 'content-length': '1234' }).end()
        response.writeHead(204).end()
      })
      const [head] = (await once(request(`${url}/v1/x`, { method: 'HEAD', agent: false }).end(), 'response')) as [
        IncomingMessage,
      ]
      assert.deepEqual([head.statusCode, head.headers['content-length'], await text(head)], [200, '1234', ''])
      const empty = await answered(`${url}/v1/x`)
      assert.deepEqual([empty.statusCode, empty.headers['content-length'], await text(empty)], [204, undefined, ''])
    })

    it('passes bodies of megabytes byte by byte, compressed ones as they are', async (t) => {
      const large = Buffer.alloc(5_000_000, 'a line of many\n')
      const { url } = await front(t, make, (_asked, response) => {
        response.writeHead(200, { 'content-encoding': 'x-none', 'content-length': large.length }).end(large)
      })
      const response = await answered(`${url}/v1/x`)
      assert.equal(response.headers['content-encoding'], 'x-none')
      assert.equal(large.equals(await buffer(response)), true)
    })

    it('says 502 where the model cannot be reached, or breaks off before its answer', async (t) => {
      const { url, failures, proxy } = await front(t, make, (_asked, response) => response.destroy())
      assert.equal((await answered(`${url}/v1/x`)).statusCode, 502)
      assert.deepEqual(failures, [502])
      await proxy.close()
      assert.equal((await answered(`${url}/v1/x`)).statusCode, 502)
      await isIdle(proxy)
    })

    it('says 504 when the model does not answer in time, and closes the request', async (t) => {
      let hanging = 0
      const model: RequestListener = (_asked, response) => {
        hanging += 1
        response.on('close', () => (hanging -= 1))
      }
      const { url, failures, proxy } = await front(t, make, model, 200)
      assert.equal((await answered(`${url}/v1/x`)).statusCode, 504)
      assert.deepEqual(failures, [504])
      await isIdle(proxy)
      await eventually(
        async () => hanging,
        (count) => count === 0,
      )
    })

    it('closes the request at the model when the client goes', async (t) => {
      let hanging = 0
      const { url, proxy } = await front(t, make, (_asked, response) => {
        hanging += 1
        response.on('close', () => (hanging -= 1))
      })
      const asked = get(`${url}/v1/x`, { agent: false }).on('error', () => {})
      await eventually(
        async () => hanging,
        (count) => count === 1,
      )
      assert.equal(proxy.inFlight, 1)
      asked.destroy()
      await eventually(
        async () => hanging,
        (count) => count === 0,
      )
      await isIdle(proxy)
    })

    it('sends nothing for a path or a method that is none of the model', async (t) => {
      let asked = 0
      const { url, failures } = await front(t, make, (_asked, response) => {
        asked += 1
        response.end()
      })
      const statuses: (number | undefined)[] = []
      for (const path of ['/v1/../healthz', '/v1//evil.example/', '/healthz', '/v1/%2e%2e/x']) {
        const sent = request({ host: '127.0.0.1', port: new URL(url).port, path, agent: false }).end()
        const [response] = (await once(sent, 'response')) as [IncomingMessage]
        statuses.push(response.statusCode)
      }
      const traced = request(`${url}/v1/x`, { method: 'TRACE', agent: false }).end()
      const [response] = (await once(traced, 'response')) as [IncomingMessage]
      assert.deepEqual([...statuses, response.statusCode], [400, 400, 400, 400, 405])
      assert.deepEqual([failures.length, asked], [5, 0])
    })
  })
}

describe('Proxy, pass-through, as a stream', () => {
  it('brings the head, then each piece, before the next is sent', async (t) => {
    let modelSide: ServerResponse | undefined
    const { url } = await front(t, passThroughProxy, (_asked, response) => {
      modelSide = response
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    })
    const response = await answered(`${url}/v1/chat/completions`)
    assert.equal(response.headers['content-type'], 'text/event-stream')
    for (const piece of ['first', 'second', 'third']) {
      modelSide?.write(piece)
      const [received] = await once(response, 'data')
      assert.equal(String(received), piece)
    }
    modelSide?.end()
    await once(response, 'end')
  })

  const half = (_asked: IncomingMessage, response: ServerResponse): void => {
    response.writeHead(200, { 'content-length': '100' }).write('half of it')
  }

  it('cuts the answer off where the model breaks off in the middle', async (t) => {
    const { url, failures, proxy } = await front(t, passThroughProxy, (asked, response) => {
      half(asked, response)
      asked.socket.on('error', () => {})
      setImmediate(() => response.destroy())
    })
    const response = await answered(`${url}/v1/x`)
    await assert.rejects(text(response), { code: 'ECONNRESET' })
    assert.deepEqual(failures, [])
    await isIdle(proxy)
  })

  it('cuts the answer off at the deadline', async (t) => {
    const { url, proxy } = await front(t, passThroughProxy, half, 200)
    await assert.rejects(text(await answered(`${url}/v1/x`)), { code: 'ECONNRESET' })
    await isIdle(proxy)
  })

  it('reads no faster from the model than the client reads, and goes on when it does; a client that goes ends it', async (t) => {
    const chunk = Buffer.alloc(65_536, 'x')
    const most = 1_000
    let written = 0
    let isClosed = false
    const { url, proxy, answers } = await front(t, passThroughProxy, (_asked, response) => {
      response.on('close', () => (isClosed = true))
      const fill = (): void => {
        while (written < most) {
          written += 1
          if (!response.write(chunk)) return void response.once('drain', fill)
        }
        response.end()
      }
      fill()
    })
    const response = await answered(`${url}/v1/x`)
    // Nothing is read: what the connections hold fills up, and then the model must not be read any more.
    let looks = 0
    let before = -1
    await eventually(
      async () => {
        looks = before === written ? looks + 1 : 0
        before = written
        return looks
      },
      (unchanged) => unchanged === 10,
    )
    const first = written
    assert.equal(first < most, true)
    assert.equal(answers[0]!.writableLength > 0 && answers[0]!.writableLength < 1_000_000, true)
    let received = 0
    response.on('data', ({ length }) => {
      received += length
    })
    await eventually(
      async () => received > first * chunk.length,
      (goesOn) => goesOn,
    )
    assert.equal(isClosed, false)
    response.destroy()
    await isIdle(proxy)
    await eventually(
      async () => isClosed,
      (closed) => closed,
    )
  })
})

it('A polling proxy does not keep an answer that is too large for its cache', async (t) => {
  const { url, proxy } = await front(t, pollingProxy, (_asked, response) => response.end(Buffer.alloc(10_000_001)))
  assert.equal((await answered(`${url}/v1/x`)).statusCode, 502)
  await isIdle(proxy)
})
