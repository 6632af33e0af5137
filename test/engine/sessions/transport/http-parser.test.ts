import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ParseError } from '../../../../harness/engine/sessions/transport/http-lines.ts'
import { ResponseParser } from '../../../../harness/engine/sessions/transport/http-parser.ts'
import { seededRandom } from '../../../support/random.ts'
import { goodResponses, malformedResponses, readOf, type WireResponse } from './http-responses.ts'

/**
 * Feeds the pieces out of one buffer that is overwritten afterwards, as the sockets' shared buffer is.
 * @returns what was read, and how many bytes were left over
 */
function feed(pieces: Buffer[], method = 'GET', parser = new ResponseParser(), keepBody = true) {
  parser.begin(method, keepBody)
  const shared = Buffer.alloc(Math.max(1, ...pieces.map(({ length }) => length)) + 3)
  let read = readOf(parser, shared)
  let surplus = 0
  for (const piece of pieces) {
    shared.fill('#')
    piece.copy(shared, 3)
    const end = 3 + piece.length
    if (parser.state === 'complete') surplus += piece.length
    else {
      surplus += end - parser.execute(shared, 3, end)
      read = readOf(parser, shared)
    }
  }
  shared.fill('#')
  return { ...read, surplus, head: parser.head, encoding: parser.contentEncoding, parser }
}

function assertRead(response: WireResponse, pieces: Buffer[], how: string): void {
  const { state, status, body, keepAlive, surplus, encoding, parser } = feed(pieces, response.method)
  const isAtClose = response.endsAtClose ?? false
  assert.deepEqual(
    { state, status, body, keepAlive, surplus, encoding },
    {
      state: isAtClose ? 'body' : 'complete',
      status: response.status,
      body: response.body,
      keepAlive: response.keepAlive,
      surplus: 0,
      encoding: response.encoding ?? '',
    },
    `${response.title}, ${how}`,
  )
  assert.equal(parser.finishAtClose(), isAtClose, `${response.title}, ${how}: finishAtClose`)
}

const piecesOf = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size))

describe('the parser of HTTP responses', () => {
  for (const response of goodResponses) {
    it(`reads: ${response.title}`, () => {
      const bytes = Buffer.from(response.bytes, 'latin1')
      assertRead(response, [bytes], 'whole')
      for (const size of [1, 2, 3, 7]) assertRead(response, piecesOf(bytes, size), `in pieces of ${size}`)
      for (let at = 1; at < bytes.length; at++) {
        assertRead(response, [bytes.subarray(0, at), bytes.subarray(at)], `split at ${at}`)
      }
    })
  }

  for (const { title, bytes: text, says } of malformedResponses) {
    it(`refuses: ${title}`, () => {
      const bytes = Buffer.from(text, 'latin1')
      const isExpected = (error: unknown): boolean => error instanceof ParseError && says.test(error.message)
      assert.throws(() => feed([bytes]), isExpected)
      assert.throws(() => feed(piecesOf(bytes, 1)), ParseError)
      for (let at = 1; at < bytes.length; at++) {
        assert.throws(() => feed([bytes.subarray(0, at), bytes.subarray(at)]), ParseError, `split at ${at}`)
      }
    })
  }

  it('stops behind the response and leaves what follows alone, wherever it is split', () => {
    for (const response of goodResponses.filter(({ endsAtClose }) => !endsAtClose)) {
      const whole = Buffer.from(`${response.bytes}MORE`, 'latin1')
      for (let at = 0; at <= whole.length; at++) {
        const { state, body, surplus } = feed([whole.subarray(0, at), whole.subarray(at)], response.method)
        assert.deepEqual([state, body, surplus], ['complete', response.body, 4], `${response.title}, split at ${at}`)
      }
    }
  })

  it('reads response after response with one parser, in any order, without a trace of the one before', () => {
    const parser = new ResponseParser()
    const random = seededRandom(7)
    const reusable = goodResponses.filter(({ endsAtClose }) => !endsAtClose)
    for (let turn = 0; turn < 400; turn++) {
      const response = reusable[Math.floor(random.uniform() * reusable.length)]!
      const bytes = Buffer.from(response.bytes, 'latin1')
      const read = feed(piecesOf(bytes, 1 + Math.floor(random.uniform() * bytes.length)), response.method, parser)
      assert.deepEqual(
        [read.status, read.body, read.keepAlive, read.encoding],
        [response.status, response.body, response.keepAlive, response.encoding ?? ''],
        response.title,
      )
    }
  })

  it('waits for the rest where a response is cut off, and does not take the close for its end', () => {
    for (const response of goodResponses.filter(({ endsAtClose }) => !endsAtClose)) {
      const bytes = Buffer.from(response.bytes, 'latin1')
      for (let length = 0; length < bytes.length; length++) {
        const { state, parser } = feed([bytes.subarray(0, length)], response.method)
        assert.notEqual(state, 'complete', `${response.title}, ${length} bytes`)
        assert.equal(parser.finishAtClose(), false, `${response.title}, ${length} bytes`)
      }
    }
  })

  it('gives the head with its fields as they came, each line with CRLF', () => {
    const head = 'HTTP/1.1 200 Fine\r\nX-A: 1\r\nx-a:2\r\nContent-Length: 0\r\n'
    assert.equal(feed([Buffer.from(`${head}\r\n`)]).head, head)
    assert.equal(feed([Buffer.from(`${head}\r\n`.replaceAll('\r\n', '\n'))]).head, head)
    const afterHints = `HTTP/1.1 103 Hints\r\nLink: x\r\n\r\n${head}\r\n`
    assert.equal(feed([Buffer.from(afterHints)]).head, head)
  })

  it('tells whether the response sets a cookie', () => {
    const answer = (field: string) =>
      feed([Buffer.from(`HTTP/1.1 200 OK\r\n${field}Content-Length: 0\r\n\r\n`)]).parser.setsCookie
    assert.deepEqual([answer('set-cookie: a=b\r\n'), answer(''), answer('Connection: x\r\n')], [true, false, false])
  })

  it('counts a body that is not to be kept, and keeps nothing of it', () => {
    for (const response of goodResponses) {
      const { parser } = feed(piecesOf(Buffer.from(response.bytes, 'latin1'), 3), response.method, undefined, false)
      assert.deepEqual(
        [parser.bodyBytes, parser.chunks.length, parser.wholeBodyStart],
        [response.body.length, 0, -1],
        response.title,
      )
    }
  })

  it('says that a connection was upgraded, and reads nothing behind', () => {
    const bytes = Buffer.from('HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n\x81\x05hello', 'latin1')
    const parser = new ResponseParser()
    parser.begin('GET', true)
    assert.equal(parser.execute(bytes, 0, bytes.length), bytes.length - 7)
    assert.equal(parser.state, 'upgraded')
  })

  it('refuses a head without end after ten megabytes', () => {
    const parser = new ResponseParser()
    parser.begin('GET', true)
    const piece = Buffer.from(`X-Filler: ${'x'.repeat(64 * 1024)}\r\n`)
    parser.execute(Buffer.from('HTTP/1.1 200 OK\r\n'), 0, 17)
    const feedOn = (): void => {
      for (let sent = 0; sent < 11 * 1024 * 1024; sent += piece.length) parser.execute(piece, 0, piece.length)
    }
    assert.throws(
      feedOn,
      (error) => error instanceof ParseError && /response headers exceeded 10485760 bytes/.test(error.message),
    )
  })

  it('refuses a line of chunk framing without end', () => {
    for (const start of ['5;ext=', '0\r\nX-Trailer: ']) {
      const parser = new ResponseParser()
      parser.begin('GET', true)
      const bytes = Buffer.from(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${start}`)
      parser.execute(bytes, 0, bytes.length)
      const filler = Buffer.alloc(5000, 'x')
      assert.throws(
        () => parser.execute(filler, 0, filler.length),
        (error) => error instanceof ParseError && /header line too long/.test(error.message),
      )
    }
  })
})
