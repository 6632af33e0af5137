import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EventStreamReader, type StreamEvent } from '../../../../harness/engine/sessions/k6/event-stream.ts'

/** All events of a stream that comes in the given pieces, out of one buffer that is used again and again. */
function eventsOf(...pieces: (string | Buffer)[]): StreamEvent[] {
  const events: StreamEvent[] = []
  const reader = new EventStreamReader((event) => events.push(event))
  const shared = Buffer.alloc(4096)
  for (const piece of pieces) {
    const bytes = Buffer.from(piece as string)
    shared.fill('\n')
    bytes.copy(shared, 7)
    reader.read(shared, 7, 7 + bytes.length)
  }
  return events
}

const event = (fields: Partial<StreamEvent>): StreamEvent => ({ id: '', name: '', data: '', comment: '', ...fields })

describe('streams of events', () => {
  // [what it shows, stream, events]
  const cases: [string, string, Partial<StreamEvent>[]][] = [
    ['all fields', 'id: 1\nevent: tick\ndata: now\n: why\n\n', [{ id: '1', name: 'tick', data: 'now', comment: 'why' }]],
    ['one space behind the colon goes, a second stays', 'data:a\ndata: b\ndata:  c\n\n', [{ data: 'a\nb\n c' }]],
    ['lines end with LF, CR or CRLF', 'data: a\r\n\r\ndata: b\r\rdata: c\n\n', [{ data: 'a' }, { data: 'b' }, { data: 'c' }]],
    ['a BOM at the beginning goes, a later one stays', '\ufeffdata: a\n\n\ufeffdata: b\n\ndata: \ufeffc\n\n', [{ data: 'a' }, { data: '\ufeffc' }]],
    ['a field without colon is empty', 'data\n\ndata\ndata\n\nevent\nid\n\n', [{ data: '' }, { data: '\n' }]],
    ['an id with NUL is left out', 'id: a\0b\ndata: x\n\n', [{ data: 'x' }]],
    ['unknown fields, other case and retry mean nothing', 'retry: 10\nfoo: bar\nDATA: x\ndata : y\n\ndata: z\n\n', [{ data: 'z' }]],
    ['a comment alone is an event', ': ping\n\n', [{ comment: 'ping' }]],
    ['empty lines alone are none', '\n\n\r\n\r\n', []],
    ['what the stream ends in the midst of is none', 'data: a\n\ndata: b\n', [{ data: 'a' }]],
    ['characters of several bytes', 'data: é€😀\n\n', [{ data: 'é€😀' }]],
  ] // biome-ignore format: one row a case

  for (const [what, stream, expected] of cases) {
    it(`${what}; the same wherever the stream is cut`, () => {
      const events = expected.map(event)
      assert.deepEqual(eventsOf(stream), events)
      const bytes = Buffer.from(stream)
      for (let cut = 0; cut <= bytes.length; cut++)
        assert.deepEqual(eventsOf(bytes.subarray(0, cut), bytes.subarray(cut)), events, `cut at ${cut}`)
      assert.deepEqual(eventsOf(...[...bytes].map((byte) => Buffer.from([byte]))), events)
    })
  }

  it('takes bytes that are no UTF-8 as browsers do', () => {
    assert.deepEqual(eventsOf(Buffer.from([...Buffer.from('data: '), 0xff, 10, 10])), [event({ data: '\ufffd' })])
  })
})
