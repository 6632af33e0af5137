import { once } from 'node:events'
import { request } from 'node:http'
import type { TestContext } from 'node:test'
import type { LiveState, LiveUpdate } from '../../reports/live/state.ts'

/** Someone who has the live page open, without a browser. */
export interface LiveReader {
  /** The next message. Rejects when the connection ends instead. */
  next(): Promise<LiveEvent>
  /** Resolves when the server has ended the connection. */
  ended: Promise<unknown>
}

export type LiveEvent = { id: string } & ({ name: 'snapshot'; data: LiveState } | { name: 'update'; data: LiveUpdate })

/** Begins to listen. @param lastId what a browser that comes back sends as `Last-Event-ID` */
export async function liveReader(test: TestContext, url: string, lastId?: string): Promise<LiveReader> {
  const headers = lastId === undefined ? {} : { 'Last-Event-ID': lastId }
  const asked = request(`${url}events`, { headers, agent: false }).end()
  test.after(() => asked.destroy())
  const [response] = await once(asked, 'response')
  const chunks = response.setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>
  // A connection that is cut is an error to whoever reads, and here only an end.
  response.on('error', () => {})
  const ended = new Promise((resolve) => response.once('close', resolve))
  let text = ''
  return {
    ended,
    async next() {
      for (;;) {
        const [, event, rest] = /^((?:.+\n)+)\n([\s\S]*)$/.exec(text) ?? []
        if (event !== undefined) {
          text = rest!
          if (event.startsWith('id:')) return readEvent(event)
          continue
        }
        const { done, value } = await chunks.next()
        if (done) throw new Error(`the server ended the connection behind "${text}"`)
        text += value
      }
    },
  }
}

/** Matches an event's lines as the server writes them. */
function readEvent(text: string): LiveEvent {
  const [, id, name, data] = /^id: (.*)\nevent: (.*)\ndata: (.*)\n$/.exec(text)!
  return { id: id!, name, data: JSON.parse(data!) } as LiveEvent
}
