import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { noBody } from '../../../../harness/engine/sessions/k6/http-body.ts'
import { type Outgoing, redirectOf } from '../../../../harness/engine/sessions/k6/redirect.ts'
import { endpointOf } from '../../../../harness/engine/sessions/transport/endpoint.ts'

const first: Outgoing = {
  method: 'POST',
  endpoint: endpointOf('https://u:p@host.test/dir/page?q'),
  body: { content: 'b', length: 1, contentType: '' },
  headers: { Authorization: 'a', Cookie: 'c', Host: 'h', 'Content-Type': 't', X: 'x' },
}

const next = (status: number, location: string, sent = first): Outgoing | null =>
  redirectOf(sent, first, status, `HTTP/1.1 ${status} Go\r\nA: b\r\nlocation:  ${location} \r\nC: d\r\n`)

/** As k6 1.8 was seen to do. */
describe('a redirect', () => {
  const same = 'https://u:p@host.test'
  const cases: [status: number, location: string, method: string, href: string, headers: string][] = [
    [301, '/x', 'GET', `${same}/x`, 'Authorization,Host,X,Referer'],
    [302, '/x', 'GET', `${same}/x`, 'Authorization,Host,X,Referer'],
    [303, '?r=1', 'GET', `${same}/dir/page?r=1`, 'Authorization,Host,X,Referer'],
    [307, '../x', 'POST', `${same}/x`, 'Authorization,Host,Content-Type,X,Referer'],
    [308, 'https://sub.host.test/', 'POST', 'https://sub.host.test/', 'Authorization,Content-Type,X,Referer'],
    [307, 'https://other.test/', 'POST', 'https://other.test/', 'Content-Type,X,Referer'],
    [303, 'https://nothost.test/', 'GET', 'https://nothost.test/', 'X,Referer'],
    [302, 'http://host.test/', 'GET', 'http://host.test/', 'Authorization,X'],
  ]
  for (const [status, location, method, href, headers] of cases) {
    it(`with ${status} to ${location} asks for ${method} ${href}`, () => {
      const request = next(status, location)!
      assert.deepEqual(
        [request.method, request.endpoint.href, Object.keys(request.headers).join()],
        [method, href, headers],
      )
      assert.equal(request.body, method === 'GET' ? noBody : first.body)
    })
  }

  it('names the page before without its password, and leaves a Referer of the script alone', () => {
    assert.equal(next(302, '/x')!.headers.Referer, 'https://host.test/dir/page?q')
    const own = { ...first, headers: { Referer: 'mine' } }
    assert.equal(redirectOf(own, own, 302, 'HTTP/1.1 302 \r\nLocation: /x\r\n')!.headers.Referer, 'mine')
  })

  it('reads a location as bytes', () => {
    assert.equal(next(302, '/\xe4?q=1 2')!.endpoint.href, 'https://u:p@host.test/%E4?q=1 2')
  })

  it('keeps HEAD a HEAD', () => {
    assert.equal(next(302, '/x', { ...first, method: 'HEAD' })!.method, 'HEAD')
  })

  it('is none with another status or without a location', () => {
    const without = redirectOf(first, first, 302, 'HTTP/1.1 302 \r\nX-Location: /x\r\n')
    assert.deepEqual([next(304, '/x'), next(200, '/x'), next(300, '/x'), without], [null, null, null, null])
  })

  it('that cannot be followed is refused', () => {
    assert.deepEqual(next(302, 'ftp://host.test/')!.endpoint.problem, {
      message: 'unsupported protocol scheme "ftp"',
      code: 1000,
    })
    assert.throws(() => next(302, 'http://[bad'), /failed to parse Location header "http:\/\/\[bad"/)
  })
})
