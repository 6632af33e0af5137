import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { localServer } from './local-server.ts'
import { runScript } from './run-script.ts'

/** A script that asks `server` for things and logs what its `body` says, as JSON. */
const script = (body: string, options = '{}'): string => `import http from 'k6/http'
export const options = ${options}
const url = __ENV.URL
const say = (...values) => console.log(JSON.stringify(values))
const attempt = (f) => { try { return f() } catch (e) { return e.message } }
export default function () {
${body}
}`

describe('module k6/http', { concurrency: 8 }, () => {
  const run = async (t: Parameters<typeof runScript>[0], body: string, options?: string) => {
    const server = await localServer(t)
    const ran = await runScript(t, script(body, options), { env: { URL: server.url } })
    return { ...ran, server, rows: ran.said.map((line) => JSON.parse(line)) }
  }

  it('sends each method with its body, type and headers as k6 does', async (t) => {
    const { server, errors } = await run(
      t,
      `http.get(url + '/1', { headers: { 'x-mixed-CASE': 1 } })
       http.head(url + '/2')
       http.post(url + '/3', { b: '1 2', a: 'ä&' })
       http.put(url + '/4', 'hällo')
       http.patch(url + '/5', JSON.stringify({ a: 1 }), { headers: { 'content-type': 'application/json' } })
       http.del(url + '/6')
       http.options(url + '/7')
       http.request('PURGE', url + '/8', 'x', { headers: { Host: 'example.org', 'User-Agent': 'me' } })
       http.post(url + '/9')
       http.post(url + '/10', new Uint8Array([0, 255]).buffer)
       http.get(url.replace('//', '//us%40er:pw@') + '/11?q=1#part')`,
    )
    assert.deepEqual(errors, [])
    const seen = server.requests.map(({ method, url, body, headers }) => [
      method, url, body, headers['content-type'] ?? null, headers['content-length'] ?? null,
    ])
    assert.deepEqual(seen, [
      ['GET', '/1', '', null, null],
      ['HEAD', '/2', '', null, null],
      ['POST', '/3', 'a=%C3%A4%26&b=1+2', 'application/x-www-form-urlencoded', '17'],
      ['PUT', '/4', Buffer.from('hällo').toString('latin1'), null, '6'],
      ['PATCH', '/5', '{"a":1}', 'application/json', '7'],
      ['DELETE', '/6', '', null, null],
      ['OPTIONS', '/7', '', null, null],
      ['PURGE', '/8', 'x', null, '1'],
      ['POST', '/9', '', null, '0'],
      ['POST', '/10', '\0\xff', null, '2'],
      ['GET', '/11?q=1', '', null, null],
    ])
    const headers = server.requests.map((request) => request.headers)
    assert.equal(headers[0]!['x-mixed-case'], '1')
    assert.match(String(headers[0]!['user-agent']), /^weir\//)
    assert.deepEqual([headers[7]!.host, headers[7]!['user-agent']], ['example.org', 'me'])
    assert.equal(headers[10]!.authorization, `Basic ${Buffer.from('us@er:pw').toString('base64')}`)
  }) // biome-ignore format: one table

  it('tells of a response what k6 tells', async (t) => {
    const { rows } = await run(
      t,
      `const r = http.post(url + '/echo?x=1', 'sent', { headers: { A: 'b' } })
       say(r.status, r.status_text, r.proto, r.error, r.error_code, r.url.slice(-9), r.headers['Content-Type'], r.headers['content-type'] === undefined)
       say(r.json().method, r.json('headers.a'), r.json('nowhere.at.all') === undefined, typeof r.body)
       say(r.request.method, r.request.headers['A'], r.request.body, Object.values(r.timings).every((ms) => ms >= 0))
       const missing = http.get(url + '/status/404')
       say(missing.status, missing.error_code, missing.error, attempt(() => missing.json()).length > 0)
       const bytes = http.get(url + '/echo', { responseType: 'binary' })
       say(bytes.body instanceof ArrayBuffer, bytes.body.byteLength > 10, bytes.json('method'))
       const none = http.get(url + '/echo', { responseType: 'none' })
       say(none.status, none.body, attempt(() => none.json()))
       say(http.get(url + '/status/204').body, http.head(url + '/echo').body)`,
    )
    const nullBody =
      "the body is null so we can't transform it to JSON - this likely was because of a request error getting the response"
    assert.deepEqual(rows, [
      [200, '200 OK', 'HTTP/1.1', '', 0, '/echo?x=1', 'application/json', true],
      ['POST', 'b', true, 'string'],
      ['POST', ['b'], 'sent', true],
      [404, 1404, '', true],
      [true, true, 'GET'],
      [200, null, nullBody],
      [null, ''],
    ])
  })

  it('gives the same bytes whenever a binary body is asked for: what a script writes to them stays', async (t) => {
    const { rows } = await run(
      t,
      `const first = http.get(url + '/echo', { responseType: 'binary' })
       const other = http.get(url + '/echo', { responseType: 'binary' })
       const length = first.body.byteLength
       new Uint8Array(first.body)[0] = 88
       say(new Uint8Array(first.body)[0], first.body === first.body, first.body.byteLength === length)
       say(new Uint8Array(other.body)[0])`,
    )
    assert.deepEqual(rows, [[88, true, true], ['{'.charCodeAt(0)]])
  })

  it('follows redirects up to the limit, each of them a request; what it asked for first is what it tells', async (t) => {
    const { rows, server, metric } = await run(
      t,
      `const told = (r) => [r.status, r.url.slice(url.length), r.request.method, r.request.url.slice(url.length)]
       say(...told(http.post(url + '/to/echo', 'body', { headers: { 'Content-Type': 'text/plain', X: 'y' } })))
       say(...told(http.get(url + '/to/to/to/echo', { redirects: 2 })))
       say(...told(http.get(url + '/to/echo', { redirects: 0 })))`,
    )
    assert.deepEqual(rows, [
      [200, '/echo', 'POST', '/to/echo'],
      [302, '/to/echo', 'GET', '/to/to/to/echo'],
      [302, '/to/echo', 'GET', '/to/echo'],
    ])
    const { method, body, headers } = server.requests[1]!
    assert.deepEqual([method, body, headers['content-type'], headers.x], ['GET', '', undefined, 'y'])
    assert.equal(metric('http_reqs')?.sum, 6)
    assert.equal(server.requests.length, 6)
  })

  it('batch() gives the responses in the shape of what was asked, within both limits', async (t) => {
    const { rows, server } = await run(
      t,
      `const told = (r) => [r.json('method'), r.json('url'), r.json('body')].join(' ')
       say(...http.batch([url + '/a', ['POST', url + '/b', 'x', { tags: { t: '1' } }], { method: 'PUT', url: url + '/c', body: { k: 'v' } }]).map(told))
       const named = http.batch({ one: url + '/1', two: { method: 'GET', url: url + '/2' } })
       say(told(named.one), told(named.two), http.batch([]))
       say(http.batch([url + '/a', 'http://127.0.0.1:1/']).map((r) => r.status + r.error))
       say(...http.batch(Array.from({ length: 20 }, (_, n) => url + '/slow/' + (n % 3) * 5)).map((r) => r.url.slice(-2)))`,
      '{ batch: 10, batchPerHost: 4 }',
    )
    assert.deepEqual(rows.slice(0, 3), [['GET /a ', 'POST /b x', 'PUT /c k=v'], ['GET /1 ', 'GET /2 ', []], [['200', '0dial: connection refused']]])
    assert.deepEqual(rows[3], Array.from({ length: 20 }, (_, n) => ['/0', '/5', '10'][n % 3]))
    assert.equal(server.mostAtOnce, 4)
  }) // biome-ignore format: one table

  it('batch() keeps the limit over all hosts', async (t) => {
    const servers = [await localServer(t), await localServer(t)]
    const urls = JSON.stringify(servers.flatMap(({ url }) => Array(8).fill(`${url}/slow/10`)))
    const { said } = await runScript(t, script(`say(http.batch(${urls}).length)`, '{ batch: 3 }'))
    assert.deepEqual(said, ['[16]'])
    assert.ok(servers[0]!.mostAtOnce <= 3 && servers[1]!.mostAtOnce <= 3)
  })

  it('a failure is a response with a code; with `throw` it is an exception', async (t) => {
    const body = `for (const target of ['http://127.0.0.1:1/', 'nope', 'http://[x/', 'ftp://x/']) say(attempt(() => { const r = http.get(target); return [r.status, r.error_code, r.body] }))
      say(attempt(() => { const r = http.get(url + '/never', { timeout: '30ms' }); return [r.status, r.error_code, r.error] }))`
    const { rows, metric, warnings } = await run(t, body)
    assert.deepEqual(rows, [[[0, 1212, null]], [[0, 1000, null]], [[0, 1020, []]], [[0, 1000, null]], [[0, 1050, 'request timeout']]])
    assert.deepEqual([metric('http_reqs')?.sum, metric('http_req_failed')?.sum], [4, 4])
    assert.equal(warnings.length, 5)
    const thrown = await run(t, body, '{ throw: true }')
    assert.deepEqual(thrown.rows.map(([message]) => /(refused|scheme ""|invalid URL|scheme "ftp"|timeout)/.exec(message)?.[1]), ['refused', 'scheme ""', 'invalid URL', 'scheme "ftp"', 'timeout'])
  }) // biome-ignore format: one table

  it('http_req_failed judges by what the script expects', async (t) => {
    const { metric } = await run(
      t,
      `http.get(url + '/status/404')
       http.get(url + '/status/404', { responseCallback: http.expectedStatuses(404) })
       http.get(url + '/status/404', { responseCallback: null })
       http.setResponseCallback(http.expectedStatuses({ min: 400, max: 499 }, 200))
       http.get(url + '/status/404'); http.get(url + '/status/200'); http.get(url + '/status/500')
       http.setResponseCallback(null)
       http.get(url + '/status/500')`,
    )
    assert.deepEqual(
      [metric('http_req_failed')?.sum, metric('http_req_failed')?.count, metric('http_reqs')?.sum],
      [2, 5, 7],
    )
  })

  it('http.url names requests by their pattern', async (t) => {
    const pattern = '$' + '{}/items/$' + '{}'
    const { metric, server } = await run(
      t,
      'for (const id of [1, 2, 3]) http.get(http.url`$' + '{url}/items/$' + '{id}`)',
      `{ thresholds: { 'http_reqs{name:${pattern}}': ['count==3'] } }`,
    )
    assert.equal(server.requests.map(({ url }) => url).join(), '/items/1,/items/2,/items/3')
    assert.equal(metric(`http_reqs{name:${pattern}}`)?.sum, 3)
  })

  it('discardResponseBodies drops bodies unless a request wants its own', async (t) => {
    const { rows } = await run(
      t,
      "say(http.get(url + '/echo').body, http.get(url + '/echo', { responseType: 'text' }).body.length > 10)",
      '{ discardResponseBodies: true }',
    )
    assert.deepEqual(rows, [[null, true]])
  })

  it('refuses loudly what it does not provide', async (t) => {
    const { rows } = await run(
      t,
      `say(attempt(() => http.get(url, { auth: 'digest' })))
       say(attempt(() => http.get(url, { auth: 'ntlm' })))
       const response = http.get(url)
       say(attempt(() => response.html()))
       say(attempt(() => response.submitForm()))
       say(attempt(() => response.clickLink()))`,
    )
    const expected = [/"digest" is not provided/, /"ntlm" is not provided/, /Response\.html\(\) is not provided/, /submitForm\(\) is not provided/, /clickLink\(\) is not provided/]
    for (const [index, pattern] of expected.entries()) assert.match(rows[index]![0], pattern)
  }) // biome-ignore format: one list
})
