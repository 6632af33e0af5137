import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { targetPath } from '../../../reference-server/proxy/target.ts'

describe('The path of a proxied request', () => {
  it('is put behind that of the model, query and all', () => {
    const paths = [
      '/v1/models',
      '/v1/models?limit=3&after=a%2Fb',
      '/v1/models/ft:gpt-4o-mini:org::id-1_2.3~x',
      '/v1/files/my%20file.txt/content',
      '/v1/',
      '/v1/batches/',
      '/v1/x?next=../../admin',
      '/v1/a.b',
      '/v1/.hidden',
    ]
    for (const path of paths) assert.equal(targetPath('/base', path), `/base${path}`)
  })

  const hostile = [
    ...['/v2/models', '/v1', 'v1/models', '/', '', '/healthz'],
    ...['/v1/../healthz', '/v1/x/../../admin', '/v1/..', '/v1/.', '/v1/./x', '/v1/...', '/v1/..a'],
    ...['/v1/%2e%2e/healthz', '/v1/.%2E/x', '/v1/%252e%252e/x', '/v1/..;/admin', '/v1/x;/../y'],
    ...['/v1//evil.example/x', '/v1//', '//evil.example/v1/', '/v1/x//y', '/v1/..%2fadmin', '/v1/..%5cadmin'],
    ...['http://evil.example/v1/', 'https:/v1/x', '/v1/http://evil.example/', '/v1/x\\..\\y', '/v1/a%2fb'],
    ...['/v1/x\r\nHost: evil', '/v1/x\r\n\r\nGET /admin HTTP/1.1', '/v1/x%0d%0aHost:evil', '/v1/x?a\r\nb: c'],
    ...[
      '/v1/a b',
      '/v1/a\tb',
      '/v1/a\0b',
      '/v1/a%00b',
      '/v1/é',
      '/v1/%c3%a9',
      '/v1/%ff',
      '/v1/%',
      '/v1/%zz',
      '/v1/x#y',
    ],
    ...['/v1/\u2025/x', '/v1/%e2%80%a5/x', '/v1/x?#', '/v1/x?\x7f', '/V1/models'],
  ]
  for (const path of hostile) {
    it(`is refused where it is ${JSON.stringify(path)}`, () => {
      assert.throws(() => targetPath('/base', path), { status: 400 })
    })
  }

  it('never leaves the model for any mixture of such pieces, as URL readers understand it', () => {
    const pieces = [
      '/',
      '.',
      '..',
      '%2e',
      '%2f',
      '%5c',
      '\\',
      ';',
      'a',
      '%',
      '25',
      '?',
      '//',
      '@',
      ':',
      'http:',
      '\r\n',
    ]
    let passed = 0
    // A fixed generator, so that a failure comes again.
    let seed = 1
    const next = (below: number): number => {
      seed = (Math.imul(seed, 48_271) >>> 0) % 2_147_483_647
      return seed % below
    }
    for (let round = 0; round < 20_000; round++) {
      const path = `/v1/${Array.from({ length: 1 + next(6) }, () => pieces[next(pieces.length)]).join('')}`
      let target: string
      try {
        target = targetPath('/base', path)
      } catch {
        continue
      }
      passed += 1
      const { origin, pathname } = new URL(target, 'http://model.example')
      assert.equal(origin, 'http://model.example')
      assert.match(pathname, /^\/base\/v1\//)
      assert.equal(decodeURIComponent(pathname).includes('%'), false)
      assert.match(decodeURIComponent(pathname), /^\/base\/v1\/(?!.*(\/\.\.?(\/|$)|\/\/|\\))/)
    }
    assert.notEqual(passed, 0)
  })
})
