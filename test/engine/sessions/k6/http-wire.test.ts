import assert from 'node:assert/strict'
import type { AddressInfo, Socket } from 'node:net'
import { createServer } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { runScript } from './run-script.ts'

/** What came in, as it came: request line and fields, and the body in latin1. */
interface RawRequest {
  lines: string[]
  body: string
}

/** Keeps requests to the byte and answers each with 200. */
async function rawServer(t: TestContext): Promise<{ url: string; host: string; requests: RawRequest[] }> {
  const requests: RawRequest[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    let pending = ''
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1')
      for (let end = requestEnd(pending); end > 0; end = requestEnd(pending)) {
        const [head = '', ...body] = pending.slice(0, end).split('\r\n\r\n')
        requests.push({ lines: head.split('\r\n'), body: body.join('\r\n\r\n') })
        pending = pending.slice(end)
        socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url: `http://${host}`, host, requests }
}

/** Where the first request ends; 0 if it is not all here. */
function requestEnd(text: string): number {
  const head = text.indexOf('\r\n\r\n') + 4
  if (head < 4) return 0
  if (/\r\ntransfer-encoding: chunked/i.test(text.slice(0, head))) {
    const last = text.indexOf('0\r\n\r\n', head)
    return last < 0 ? 0 : last + 5
  }
  const end = head + Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0)
  return text.length < end ? 0 : end
}

async function sent(t: TestContext, body: string): Promise<{ requests: RawRequest[]; host: string; errors: string[] }> {
  const { url, host, requests } = await rawServer(t)
  const source = `import http from 'k6/http'
    export const options = { userAgent: 'UA' }
    const url = __ENV.URL
    export default function () { ${body} }`
  const { errors } = await runScript(t, source, { env: { URL: url } })
  return { requests, host, errors }
}

/** Every expectation here is what k6 1.8 was seen to send. */
describe('a request on the wire', { concurrency: 4 }, () => {
  it('has its fields in the order of Go, with their names as Go writes them', async (t) => {
    const { requests, host } = await sent(
      t,
      `http.get(url + '/a', { headers: { 'z-b': 1, 'A-c': 'ü', 'x-mixed-CASE': true, b: null, empty: '' } })
       http.post(url + '/b', { a: 1 }, { headers: { Authorization: 'me', 'user-agent': '', host: 'own.example', 'Content-Length': '99' }, cookies: { c: 'd' } })`,
    )
    assert.deepEqual(requests[0]!.lines, [
      'GET /a HTTP/1.1', `Host: ${host}`, 'User-Agent: UA', 'A-C: Ã¼', 'B: null', 'Empty: ', 'X-Mixed-Case: true', 'Z-B: 1',
    ])
    assert.deepEqual(requests[1], {
      lines: ['POST /b HTTP/1.1', 'Host: own.example', 'Content-Length: 3', 'Authorization: me', 'Content-Type: application/x-www-form-urlencoded', 'Cookie: c=d'],
      body: 'a=1',
    })
  }) // biome-ignore format: one table

  it('tells the length of its body, or sends an empty one in chunks', async (t) => {
    const { requests } = await sent(
      t,
      "http.post(url); http.post(url, ''); http.del(url, ''); http.del(url, 'x'); http.get(url); http.request('GET', url, 'y')",
    )
    const told = requests.map(({ lines, body }) => [lines[0]!.split(' ')[0], lines.slice(3).join(), body])
    assert.deepEqual(told, [
      ['POST', 'Content-Length: 0', ''],
      ['POST', 'Transfer-Encoding: chunked', '0\r\n\r\n'],
      ['DELETE', '', ''],
      ['DELETE', 'Content-Length: 1', 'x'],
      ['GET', '', ''],
      ['GET', 'Content-Length: 1', 'y'],
    ])
  })

  it('carries forms as Go encodes them', async (t) => {
    const { requests } = await sent(
      t,
      `http.post(url, { b: '1 2', a: 'ä&', c: [1, 'x y'], d: null, f: true, h: { y: 2, x: 1 }, i: 1e21, k: "~!*()'-_.", m: [null, [1, 2]], n: 1e6, q: 1e-7 })`,
    )
    assert.equal(
      requests[0]!.body,
      'a=%C3%A4%26&b=1+2&c=1&c=x+y&d=%3Cnil%3E&f=true&h=map%5Bx%3A1+y%3A2%5D&i=1e%2B21&k=~%21%2A%28%29%27-_.&m=%3Cnil%3E&m=%5B1+2%5D&n=1000000&q=1e-07',
    )
  })

  it('is multipart where a field is a file', async (t) => {
    const { requests } = await sent(
      t,
      `http.post(url, { 'na"me': 'v ä', f: http.file(new Uint8Array([65, 255]).buffer, 'a"b\\\\c.bin', 'x/y'), g: http.file('text', 'ü.txt') })`,
    )
    const { lines, body } = requests[0]!
    const type = lines.find((line) => line.startsWith('Content-Type: '))!
    const boundary = /^Content-Type: multipart\/form-data; boundary=([0-9a-f]{60})$/.exec(type)![1]!
    const part = (disposition: string, content: string) =>
      `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\n${content}\r\n`
    assert.equal(
      body,
      part('name="na\\"me"', '\r\nv Ã¤') +
        part('name="f"; filename="a\\"b\\\\c.bin"', 'Content-Type: x/y\r\n\r\nA\xff') +
        part('name="g"; filename="Ã¼.txt"', 'Content-Type: application/octet-stream\r\n\r\ntext') +
        `--${boundary}--\r\n`,
    )
  })

  it('is compressed as the script wants it, in that order', async (t) => {
    const { requests } = await sent(
      t,
      `for (const compression of ['gzip', 'deflate', ' br ', 'zstd', 'gzip, deflate', '']) http.post(url, 'hello', { compression })
       http.get(url, { compression: 'gzip' })`,
    )
    const unpacked = { gzip: gunzipSync, deflate: inflateSync, br: brotliDecompressSync, zstd: zstdDecompressSync }
    const told = requests.map(({ lines, body }) => {
      const encoding = lines.find((line) => line.startsWith('Content-Encoding'))?.slice(18) ?? ''
      const names = encoding === '' ? [] : encoding.split(', ').reverse()
      const plain = names.reduce((bytes, name) => unpacked[name as 'gzip'](bytes), Buffer.from(body, 'latin1'))
      return [encoding, plain.toString()]
    })
    assert.deepEqual(told, [
      ['gzip', 'hello'], ['deflate', 'hello'], ['br', 'hello'], ['zstd', 'hello'], ['gzip, deflate', 'hello'], ['', 'hello'], ['', ''],
    ])
  }) // biome-ignore format: one table

  it('asks for a path and a query as Go writes them', async (t) => {
    const { requests } = await sent(
      t,
      `for (const path of ['', '?x=1', '/?', '/a b/ä/{x}/[y]/a|b^/%7e/%2F/../x/./y?q=a|b{}"<>&x=%20&ä#frag é', '/ok/%7e/%2F/[x]']) http.get(url + path)`,
    )
    assert.deepEqual(requests.map(({ lines }) => lines[0]!.slice(4, -9)), [
      '/', '/?x=1', '/?', '/a%20b/%C3%A4/%7Bx%7D/%5By%5D/a%7Cb%5E/~///../x/./y?q=a|b{}"<>&x=%20&Ã¤', '/ok/%7e/%2F/[x]',
    ])
  }) // biome-ignore format: one list
})
