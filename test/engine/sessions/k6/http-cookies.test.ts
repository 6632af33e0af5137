import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, it, type TestContext } from 'node:test'
import { runScript } from './run-script.ts'

/** Answers with the Cookie header that came; sets what `c` says; `to` redirects. */
async function cookieServer(t: TestContext): Promise<string> {
  const server = createServer((request, response) => {
    const query = new URL(request.url!, 'http://x').searchParams
    response.setHeader('set-cookie', query.getAll('c'))
    const to = query.get('to')
    if (to !== null) response.writeHead(302, { location: to })
    response.end(request.headers.cookie ?? '-')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function rows(t: TestContext, body: string, options = '{}', init = ''): Promise<unknown[][]> {
  const url = await cookieServer(t)
  const source = `import http from 'k6/http'
    export const options = ${options}
    const U = __ENV.URL
    const say = (...values) => console.log(JSON.stringify(values))
    const attempt = (f) => { try { return f() } catch (e) { return e.name + ': ' + e.message } }
    const set = (path, ...cookies) => http.get(U + path + '?' + cookies.map((c) => 'c=' + encodeURIComponent(c)).join('&'))
    const sent = (path, params) => http.get(U + path, params).body
    ${init}
    export default function () { ${body} }`
  const { said, errors } = await runScript(t, source, { env: { URL: url } })
  assert.deepEqual(errors, [])
  return said.map((line) => JSON.parse(line))
}

/** Every expectation here is what k6 1.8 was seen to do. */
describe('cookies of a user', { concurrency: 4 }, () => {
  it('go back to where they belong: longest paths first, then the oldest; what is invalid is passed over', async (t) => {
    const lines = await rows(
      t,
      `set('/', 'b=2', 'a=1; Path=/', 'p=3; Path=/sub', 'd=4; Path=/sub/deep', 'x=9; Max-Age=0', 'bad name=1', 'q="quoted"', 'sp=a b', 'noeq', '=novalue',
         's=sec; Secure', 'dom=1; Domain=127.0.0.1', 'dom2=1; Domain=.127.0.0.1', 'dom3=1; Domain=example.com', 'exp=1; Expires=Wed, 09 Jun 2021 10:18:14 GMT',
         'exp2=1; Expires=Wed, 09-Jun-2055 10:18:14 GMT', 'neg=1; max-age=-5', 'ma=1; max-age=05', 'back=a\\\\\\\\b')
       say(sent('/'), sent('/sub'), sent('/sub/deep/x'), sent('/subx'))
       set('/dir/one', 'dp=1')
       say(sent('/dir/').includes('dp=1'), sent('/dirx').includes('dp=1'))
       set('/', 'b=22', 'q=; expires=Thu, 01 Jan 1970 00:00:00 GMT', 'sp=; Max-Age=0')
       say(sent('/'))`,
    )
    const all = 'b=2; a=1; q=quoted; sp="a b"; s=sec; dom=1; exp2=1; ma=1'
    assert.deepEqual(lines, [
      [all, `p=3; ${all}`, `d=4; p=3; ${all}`, all],
      [true, false],
      ['b=22; a=1; s=sec; dom=1; exp2=1; ma=1'],
    ])
  })

  it('start afresh with each iteration, unless noCookiesReset', async (t) => {
    const body = "say(sent('/')); set('/', 'a=1'); say(sent('/'))"
    assert.deepEqual(await rows(t, body, '{ iterations: 2 }'), [['-'], ['a=1'], ['-'], ['a=1']])
    const kept = await rows(t, body, '{ iterations: 2, noCookiesReset: true }')
    assert.deepEqual(kept, [['-'], ['a=1'], ['a=1'], ['a=1']])
  })

  it('are read and changed through http.cookieJar()', async (t) => {
    const lines = await rows(
      t,
      `const jar = http.cookieJar()
       say(jar.set(U, 'n', 'v'), jar.set(U, 'm', 5, { path: '/a', max_age: 5 }), jar.set(U, 'z', 'y', { expires: 'Wed, 09 Jun 2021 10:18:14 GMT' }))
       say(jar.cookiesForURL(U), jar.cookiesForURL(U + '/a'), jar.cookiesForURL('nourl'), sent('/a'))
       say(jar.delete(U, 'n'), jar.cookiesForURL(U), attempt(() => jar.delete(U, '')), attempt(() => jar.set('http://[x', 'a', 'b')))
       set('/', 'k=1'); say(jar.clear(U), jar.cookiesForURL(U), jar.cookiesForURL(U + '/a'))
       say(attempt(() => jar.set(U, 'z', 'y', { expires: 'never' })))`,
    )
    assert.deepEqual(lines.slice(0, 4), [
      [true, true, true],
      [{ n: ['v'] }, { m: ['5'], n: ['v'] }, {}, 'm=5; n=v'],
      [null, {}, 'GoError: cookie: is null', `GoError: parse "http://[x": missing ']' in host`],
      [null, {}, { m: ['5'] }],
    ])
    assert.match(String(lines[4]), /unable to parse "expires" date string "never"/)
  })

  it('no jar is the user’s in the init context, and it says so', async (t) => {
    const lines = await rows(
      t,
      'say(refused)',
      '{}',
      'const refused = attempt(() => http.cookieJar()); new http.CookieJar()',
    )
    assert.match(String(lines[0]), /cookie jars in the init context/)
  })

  it('of one request stand beside those of the jar, or replace them; a Cookie header comes first', async (t) => {
    const lines = await rows(
      t,
      `set('/', 'a=jar', 'b=jar')
       const r = http.get(U, { cookies: { a: 'own' } })
       say(r.body, r.request.cookies.a, r.request.headers.Cookie)
       say(sent('/', { cookies: { a: { value: 'own', replace: true } } }), sent('/', { cookies: { c: 5, d: null, e: 'x "y;z' } }))
       say(sent('/', { headers: { Cookie: 'h=1' }, cookies: { p: 'q' } }))`,
    )
    const shown = [
      { name: 'a', value: 'own', replace: false },
      { name: 'a', value: 'jar', replace: false },
    ]
    assert.deepEqual(lines, [
      ['a=own; a=jar; b=jar', shown, ['a=own; a=jar; b=jar']],
      ['a=own; b=jar', 'c=5; e="x yz"; a=jar; b=jar'],
      ['h=1; p=q; a=jar; b=jar'],
    ])
  })

  it('a jar of the script’s own takes the place of the user’s', async (t) => {
    const lines = await rows(
      t,
      `const jar = new http.CookieJar()
       jar.set(U, 'own', '1')
       http.get(U + '/?c=server%3D2', { jar })
       say(jar.cookiesForURL(U), http.cookieJar().cookiesForURL(U), sent('/', { jar }), sent('/', { jar: {} }))`,
    )
    assert.deepEqual(lines, [[{ own: ['1'], server: ['2'] }, {}, 'own=1; server=2', '-']])
  })

  it('are set by every hop of a redirect; the response shows those of the last', async (t) => {
    const lines = await rows(
      t,
      `const r = http.get(U + '/?c=one%3D1&to=' + encodeURIComponent('/?c=two%3D2&to=' + encodeURIComponent('/?c=three%3D3%3B%20HttpOnly%3B%20Max-Age%3D9')), { cookies: { p: 'q' }, headers: { Cookie: 'h=1' } })
       say(r.body, r.request.headers.Cookie, r.cookies)
       const stopped = http.get(U + '/?c=four%3D4&to=/', { redirects: 0 })
       say(stopped.status, Object.keys(stopped.cookies), http.cookieJar().cookiesForURL(U))`,
    )
    const three = { name: 'three', value: '3', domain: '', path: '', http_only: true, secure: false, max_age: 9, expires: -6795364578871 } // biome-ignore format: one cookie
    assert.deepEqual(lines, [
      ['p=q; one=1; two=2', ['h=1; p=q'], { three: [three] }],
      [302, ['four'], { one: ['1'], two: ['2'], three: ['3'], four: ['4'] }],
    ])
  })
})

it('cookies, parameters and form fields may be named like members of every object', async (t) => {
  const [row] = await rows(
    t,
    `const { cookies } = http.get(U + '/?c=' + encodeURIComponent('constructor=a') + '&c=' + encodeURIComponent('__proto__=b'), {
       toString: 1, constructor: 2, __defineGetter__: 3,
     })
     const held = http.cookieJar().cookiesForURL(U)
     say(Object.keys(cookies).sort(), cookies.constructor[0].value, Object.keys(held).sort(), held.constructor)`,
  )
  assert.deepEqual(row, [['__proto__', 'constructor'], 'a', ['__proto__', 'constructor'], ['a']])
})
