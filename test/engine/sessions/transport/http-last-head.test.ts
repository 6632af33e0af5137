import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ResponseParser } from '../../../../harness/engine/sessions/transport/http-parser.ts'

/** What a connection that is new reads of a response to a request of this method. */
function read(response: string, method = 'GET') {
  const parser = new ResponseParser()
  const bytes = Buffer.from(response, 'latin1')
  parser.begin(method, true)
  const stopped = parser.execute(bytes, 0, bytes.length)
  const { state, status, head, keepAlive, contentEncoding, setsCookie, wholeBodyStart, wholeBodyEnd } = parser
  const body = wholeBodyStart < 0 ? '' : bytes.toString('latin1', wholeBodyStart, wholeBodyEnd)
  return { state, status, head, keepAlive, contentEncoding, setsCookie, body, left: bytes.length - stopped }
}

const first = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\nSet-Cookie: a=1\r\n\r\n'

test('A head that is the same as the last one is read the same, with a body of its own.', () => {
  const known = read(`${first}abc`)
  assert.deepEqual(read(`${first}xyz`), { ...known, body: 'xyz' })
  assert.equal(known.keepAlive, false)
  assert.equal(known.setsCookie, true)
})

test('The same head in answer to HEAD has no body.', () => {
  read(`${first}abc`)
  const answer = read(first, 'HEAD')
  assert.equal(answer.state, 'complete')
  assert.equal(answer.body, '')
})

test('A head that differs in one byte is read anew, and nothing of the last one stays.', () => {
  read(`${first}abc`)
  const other = read(`${first.replace('Length: 3', 'Length: 2').replace('Set-Cookie', 'Set-Cookiy')}abc`)
  assert.equal(other.body, 'ab')
  assert.equal(other.left, 1)
  assert.equal(other.setsCookie, false)
})

test('A head that only begins like the last one is waited for.', () => {
  read(`${first}abc`)
  assert.equal(read(first.slice(0, -1)).state, 'head')
  assert.equal(read(`${first.slice(0, -2)}X-Other: 1\r\n\r\nabc`).head.endsWith('X-Other: 1\r\n'), true)
})

test('A head that is longer than what is remembered is read every time.', () => {
  const long = first.replace('a=1', `a=${'1'.repeat(5000)}`)
  assert.deepEqual(read(`${long}abc`), read(`${long}abc`))
  assert.equal(read(`${long}abc`).body, 'abc')
})

test('What cannot be read is refused again the second time.', () => {
  const broken = 'HTTP/1.1 200 OK\r\nContent-Length: three\r\n\r\nabc'
  assert.throws(() => read(broken), /Content-Length/)
  assert.throws(() => read(broken), /Content-Length/)
})
