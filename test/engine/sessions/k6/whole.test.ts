import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { localServer } from './local-server.ts'
import { runScript } from './run-script.ts'

const fields =
  'remote_ip,remote_port,url,status,status_text,proto,headers,cookies,body,timings,tls_version,tls_cipher_suite,ocsp,error,error_code,request,clickLink,html,json,submitForm'

async function said(t: TestContext, body: string): Promise<string[]> {
  const server = await localServer(t)
  const script = `import http from 'k6/http'\nexport default async function () { const url = __ENV.URL + '/'; ${body} }`
  const ran = await runScript(t, script, { env: { URL: server.url } })
  assert.deepEqual(ran.errors, [])
  return ran.said
}

test("every kind of response lists k6's fields in k6's order", async (t) => {
  const rows = await said(
    t,
    `const all = [http.get(url), http.get('http://127.0.0.1:1/'), http.batch([url])[0], http.batch({ a: url }).a,
       await http.asyncRequest('GET', url), http.get('http://%zz')]
     for (const r of all) console.log(Object.keys(r).join())`,
  )
  assert.deepEqual(rows, Array(6).fill(fields))
})

test('a copy of a response holds its values, and methods that work', async (t) => {
  const rows = await said(
    t,
    `const r = http.post(url, 'x')
     const copy = { ...r }
     const { status, ...rest } = r
     console.log(copy.body === r.body, typeof rest.body, copy.status, 'status' in rest, copy.request.method)
     console.log(Object.keys(copy.headers).join() === Object.keys(r.headers).join(), copy.timings.duration > 0)
     copy.body = 'own'
     console.log(r.body === 'own', typeof copy.json, Object.getPrototypeOf(r) === Object.prototype)`,
  )
  assert.deepEqual(rows, ['true string 200 false POST', 'true true', 'false function true'])
})

test('a script may write into a response, whether or not it copies it', async (t) => {
  const write = `const r = http.get(url)
     r.body = '{"a":1}'
     r.headers = { Own: '1' }
     r.request.method = 'MINE'
     console.log(r.body, r.json().a, r.headers.Own, r.request.method, JSON.parse(JSON.stringify(r)).body)`
  const expected = ['{"a":1} 1 1 MINE {"a":1}']
  assert.deepEqual(await said(t, write), expected)
  assert.deepEqual(await said(t, `${write}; Object.keys(r)`), expected)
})

test('what k6 forbids on a response is an error with its words', async (t) => {
  const rows = await said(
    t,
    `const r = http.get(url)
     const say = (f) => { try { console.log(f()) } catch (e) { console.log(e.message) } }
     say(() => { r.nope = 1 })
     say(() => { r.json = 1 })
     say(() => delete r.body)
     say(() => Object.freeze(r))`,
  )
  assert.deepEqual(rows, [
    'Cannot assign to property nope of a host object',
    'Cannot assign to property json of a host object',
    'Cannot delete property body from a Go type',
    'Host object field remote_ip cannot be made read-only',
  ])
})

test('the console shows a whole response', async (t) => {
  const [row] = await said(t, 'console.log(http.get(url))')
  assert.match(row ?? '', /^\{ remote_ip: "127\.0\.0\.1", .*status: 200, .*headers: \{ .*json: \[object Function\]/s)
})

test('a module lists its members before they are touched', async (t) => {
  const rows = await said(
    t,
    `console.log(Object.keys(http).length, Object.keys(http).slice(-3).join(), { ...http }.get === http.get)
     http.get(url)
     console.log(Object.keys(http).length)`,
  )
  assert.deepEqual(rows, ['34 batch,setResponseCallback,expectedStatuses true', '34'])
})

test('a module as JSON is its constants', async (t) => {
  const [row] = await said(t, 'console.log(JSON.stringify(http))')
  const constants = JSON.parse(row ?? '')
  assert.equal(constants.TLS_1_3, 'tls1.3')
  assert.equal(Object.keys(constants).length, 18)
})
