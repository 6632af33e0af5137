import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EventReader } from '../../../reference-server/upstream/event-reader.ts'

/** What a reader understands of bytes that come in pieces of a length. */
const read = (text: string, pieceBytes = Number.POSITIVE_INFINITY): string[] => {
  const seen: string[] = []
  const reader = new EventReader((data) => seen.push(data))
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += pieceBytes) reader.take(bytes.subarray(at, at + pieceBytes))
  return seen
}

const cases: { title: string; text: string; data: string[] }[] = [
  { title: 'events one after the other', text: 'data: a\n\ndata: b\n\n', data: ['a', 'b'] },
  { title: 'lines that end with CRLF', text: 'data: a\r\n\r\ndata: b\r\n\r\n', data: ['a', 'b'] },
  { title: 'lines that end with CR', text: 'data: a\r\rdata: b\r\r', data: ['a', 'b'] },
  {
    title: 'all three kinds of line ends',
    text: 'data: a\r\n\ndata: b\n\r\ndata: c\r\n\rdata: d\n\n',
    data: ['a', 'b', 'c', 'd'],
  },
  { title: 'data without a space behind its colon', text: 'data:{"a":1}\n\n', data: ['{"a":1}'] },
  { title: 'only one space taken away', text: 'data:  a \n\n', data: [' a '] },
  {
    title: 'several lines of data as one, with line feeds between',
    text: 'data: a\ndata:\ndata: b\n\n',
    data: ['a\n\nb'],
  },
  { title: 'a field of data without a value', text: 'data\n\ndata:\n\n', data: ['', ''] },
  {
    title: 'comments passed over, also within an event',
    text: ': ping\n\ndata: a\n: ping\ndata: b\n\n:\n\n',
    data: ['a\nb'],
  },
  {
    title: 'other fields passed over, also those that begin alike',
    text: 'event: x\nid: 7\nretry: 10\ndatabase: y\ndata-x: z\n data: no\ndata: a\n\n',
    data: ['a'],
  },
  { title: 'characters of several bytes', text: 'data: žluťoučký 😀 漢字\n\n', data: ['žluťoučký 😀 漢字'] },
  { title: 'a byte order mark before everything', text: '\uFEFFdata: a\n\ndata: \uFEFFb\n\n', data: ['a', '\uFEFFb'] },
  { title: 'an event whose end never comes passed over', text: 'data: a\n\ndata: b\n', data: ['a'] },
  { title: 'empty lines and nothing else', text: '\n\n\r\n\r\r\n\n', data: [] },
]

describe('Server-sent events are read', () => {
  for (const { title, text, data } of cases) {
    it(`with ${title}, wherever they are cut`, () => {
      for (let pieceBytes = 1; pieceBytes <= Buffer.byteLength(text); pieceBytes++)
        assert.deepEqual(read(text, pieceBytes), data, `in pieces of ${pieceBytes} bytes`)
    })
  }

  it('at the end of the empty line, not with the next event', () => {
    const seen: string[] = []
    const reader = new EventReader((data) => seen.push(data))
    for (const piece of ['data: a\r', '\n\r', '\ndata: b\r\r']) reader.take(Buffer.from(piece))
    assert.deepEqual(seen, ['a', 'b'])
  })

  const endless = [
    { title: 'a line', piece: 'x'.repeat(60_000) },
    { title: 'a line of data', piece: `data: ${'x'.repeat(60_000)}` },
    { title: 'an event of many lines', piece: `data: ${'x'.repeat(999)}\n`.repeat(60) },
  ]
  for (const { title, piece } of endless) {
    it(`no further where ${title} does not end`, () => {
      const reader = new EventReader(() => assert.fail('no event has ended'))
      const bytes = Buffer.from(piece)
      const sendMany = (): void => {
        for (let sent = 0; sent < 20; sent++) reader.take(bytes)
      }
      assert.throws(sendMany, { status: 502, message: /does not end/ })
    })
  }

  it('without end where each event has one', () => {
    let events = 0
    const reader = new EventReader(() => (events += 1))
    const piece = Buffer.from(`: ping\ndata: ${'x'.repeat(9_000)}\n\n`)
    for (let sent = 0; sent < 500; sent++) reader.take(piece)
    assert.equal(events, 500)
  })

  it('however many bytes at a time a very long event trickles in', () => {
    const text = `data: ${'x'.repeat(400_000)}\n\n`
    assert.equal(read(text, 3)[0]?.length, 400_000)
  })
})
