import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  acceptOf,
  buildRequest,
  checkResponse,
} from '../../../../harness/engine/sessions/transport/websocket-handshake.ts'
import { UserError } from '../../../../harness/errors.ts'

const linesOf = (...request: Parameters<typeof buildRequest>) => buildRequest(...request).head.split('\r\n')

test('the accept value is the one that RFC 6455 gives for its example key', () => {
  assert.equal(acceptOf('dGhlIHNhbXBsZSBub25jZQ=='), 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
})

test('the request has all that the handshake asks for, and ends with an empty line', () => {
  const request = buildRequest('ws://127.0.0.1:8080/chat?room=1')
  const key = /\r\nSec-WebSocket-Key: (.*)\r\n/.exec(request.head)?.[1] ?? ''
  assert.equal(Buffer.from(key, 'base64').length, 16)
  assert.equal(request.accept, acceptOf(key))
  assert.equal(
    request.head.replace(key, '<key>'),
    'GET /chat?room=1 HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nConnection: Upgrade\r\n' +
      'Sec-WebSocket-Key: <key>\r\nSec-WebSocket-Version: 13\r\nUpgrade: websocket\r\n\r\n',
  )
})

test('each request has a fresh key', () => {
  assert.notEqual(buildRequest('ws://a/').accept, buildRequest('ws://a/').accept)
})

const addresses: [url: string, secure: boolean, host: string, port: number, hostHeader: string][] = [
  ['ws://example.test', false, 'example.test', 80, 'example.test'],
  ['wss://example.test/x', true, 'example.test', 443, 'example.test'],
  ['wss://example.test:8443', true, 'example.test', 8443, 'example.test:8443'],
  ['ws://[::1]:9000/', false, '::1', 9000, '[::1]:9000'],
]

for (const [url, secure, host, port, hostHeader] of addresses)
  test(`${url} leads to ${host}, port ${port}`, () => {
    const request = buildRequest(url)
    assert.deepEqual([request.secure, request.host, request.port], [secure, host, port])
    assert.ok(request.head.includes(`\r\nHost: ${hostHeader}\r\n`), request.head)
  })

test('the headers given go along, a Host among them replaces the own one', () => {
  const lines = linesOf('ws://a/', [], { Cookie: 'a=1', Origin: 'http://b', host: 'c' })
  assert.ok(lines.includes('Cookie: a=1') && lines.includes('Origin: http://b'))
  assert.deepEqual(
    lines.filter((line) => /^host:/i.test(line)),
    ['Host: c'],
  )
})

test('subprotocols come from the list and from a header, in one line', () => {
  const lines = linesOf('ws://a/', ['one'], { 'sec-websocket-protocol': 'two, three' })
  const sent = lines.filter((line) => /^sec-websocket-protocol/i.test(line))
  assert.deepEqual(sent, ['Sec-WebSocket-Protocol: one, two, three'])
})

test('user and password in the URL become basic authorization, unless there is a header for it', () => {
  assert.ok(linesOf('ws://me:p%40ss@a/').includes('Authorization: Basic bWU6cEBzcw=='))
  const own = linesOf('ws://me:p@a/', [], { authorization: 'Bearer x' }).filter((line) => /^auth/i.test(line))
  assert.deepEqual(own, ['authorization: Bearer x'])
})

const unsendable: [why: string, pattern: RegExp, ...request: Parameters<typeof buildRequest>][] = [
  ['a relative URL', /"\/chat".*ws:\/\/ or wss:\/\//, '/chat'],
  ['an URL of another scheme', /"http:\/\/a\/".*ws:\/\/ or wss:\/\//, 'http://a/'],
  ['a fragment', /fragment/, 'ws://a/#top'],
  ['an empty fragment', /fragment/, 'ws://a/#'],
  ['a header name with a space', /"X Y".*no header name/, 'ws://a/', [], { 'X Y': '1' }],
  ['a header value with a line break', /"X".*line breaks/, 'ws://a/', [], { X: '1\r\nY: 2' }],
  ['a header value outside Latin-1', /"X".*non-Latin-1/, 'ws://a/', [], { X: '€' }],
  ['a header of the handshake itself', /"Upgrade".*leave it out/, 'ws://a/', [], { Upgrade: 'h2c' }],
  ['a subprotocol with a space', /"a b"/, 'ws://a/', ['a b']],
  ['an empty subprotocol', /""/, 'ws://a/', ['']],
  ['a subprotocol given twice', /"a".*each once/, 'ws://a/', ['a', 'b', 'a']],
]

for (const [why, pattern, ...request] of unsendable)
  test(`${why} is refused before there is a connection`, () => {
    assert.throws(
      () => buildRequest(...request),
      (error) => error instanceof UserError && pattern.test(error.message),
    )
  })

const request = { ...buildRequest('ws://a/', ['chat', 'log']), accept: 'right' }
const good = [
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: right',
]
const answer = (...lines: string[]) => checkResponse(request, lines.join('\r\n'))

const accepted: [why: string, lines: string[], protocol: string][] = [
  ['the plain answer', good, ''],
  [
    'names and tokens in any case, space around values',
    [good[0]!, 'UPGRADE:WebSocket', 'connection: \tUPGRADE ', good[3]!],
    '',
  ],
  ['Connection as a list', [good[0]!, good[1]!, 'Connection: keep-alive, Upgrade', good[3]!], ''],
  ['Connection in two lines', [...good, 'Connection: keep-alive'], ''],
  ['no reason phrase', ['HTTP/1.1 101', ...good.slice(1)], ''],
  ['a subprotocol that was offered', [...good, 'Sec-WebSocket-Protocol: log'], 'log'],
  ['headers it does not know', [...good, 'Server: x', 'Set-Cookie: a=1', 'Set-Cookie: b=2', 'Empty:'], ''],
]

for (const [why, lines, protocol] of accepted)
  test(`an answer is accepted: ${why}`, () => {
    assert.deepEqual(answer(...lines), { protocol, status: 101 })
  })

const without = (at: number, ...others: string[]) => [...good.slice(0, at), ...good.slice(at + 1), ...others]
const refused: [why: string, lines: string[], pattern: RegExp, status: number | undefined][] = [
  ['no HTTP', ['SSH-2.0-OpenSSH'], /expected "HTTP\/1\.1 <status>"/, undefined],
  ['HTTP/1.0', ['HTTP/1.0 101 OK', ...good.slice(1)], /expected "HTTP\/1\.1/, undefined],
  ['nothing', [''], /expected "HTTP\/1\.1/, undefined],
  ['no Upgrade', without(1), /Upgrade: websocket/, 101],
  ['another Upgrade', without(1, 'Upgrade: h2c'), /Upgrade: websocket/, 101],
  ['two Upgrades', [...good, 'Upgrade: websocket'], /upgrade 2 times/, 101],
  ['no Connection', without(2), /Connection: Upgrade/, 101],
  ['another Connection', without(2, 'Connection: close'), /Connection: Upgrade/, 101],
  ['a Connection that only resembles', without(2, 'Connection: upgraded'), /Connection: Upgrade/, 101],
  ['no accept value', without(3), /does not answer the key/, 101],
  ['another accept value', without(3, 'Sec-WebSocket-Accept: wrong'), /does not answer the key/, 101],
  ['an accept value in another case', without(3, 'Sec-WebSocket-Accept: RIGHT'), /does not answer the key/, 101],
  ['two accept values', [...good, good[3]!], /sec-websocket-accept 2 times/, 101],
  ['an extension', [...good, 'Sec-WebSocket-Extensions: permessage-deflate'], /extension/, 101],
  ['a subprotocol not offered', [...good, 'Sec-WebSocket-Protocol: Chat'], /"Chat", offered: chat, log/, 101],
  ['two subprotocols', [...good, 'Sec-WebSocket-Protocol: chat, log'], /"chat, log"/, 101],
  ['a line without a colon', [...good, 'Server'], /no header line: "Server"/, undefined],
  ['a folded line', [...good, 'X: 1', ' folded'], /no header line: " folded"/, undefined],
  ['a space before the colon', [...good, 'X : 1'], /no header line: "X : 1"/, undefined],
  ['a control character', [...good, 'X: \0'], /no header line/, undefined],
  ['status 200', ['HTTP/1.1 200 OK'], /refused: 200 OK$/, 200],
  ['status 401', ['HTTP/1.1 401 Unauthorized', 'WWW-Authenticate: Basic'], /refused: 401 Unauthorized$/, 401],
  [
    'a redirect',
    ['HTTP/1.1 302 Found', 'Location: ws://b/'],
    /302 Found to ws:\/\/b\/; redirects are not followed/,
    302,
  ],
]

for (const [why, lines, pattern, status] of refused)
  test(`an answer is refused: ${why}`, () => {
    assert.throws(() => answer(...lines), { message: pattern, ...(status === undefined ? {} : { status }) })
  })
