import assert from 'node:assert/strict'
import { jsonHeaders } from './client.ts'

/** A server-sent event of a turn. */
export interface TurnEvent {
  event: string
  data: Record<string, unknown>
}

export interface StreamedTurn {
  turn: number
  content: string
  /** Asks by the `accept` header in place of the body. */
  byHeader?: boolean
  headers?: Record<string, string>
}

/** A turn that is answered with server-sent events, handed out one by one. */
export class TurnEvents {
  readonly response: Response
  readonly #events: AsyncGenerator<TurnEvent>

  constructor(response: Response) {
    this.response = response
    this.#events = readEvents(response)
  }

  static async open(url: string, session: string, asked: StreamedTurn): Promise<TurnEvents> {
    const { turn, content, byHeader = false, headers } = asked
    const accept = byHeader ? { accept: 'text/event-stream' } : {}
    const response = await fetch(`${url}/v1/sessions/${session}/turns`, {
      method: 'POST',
      headers: { ...jsonHeaders, ...accept, ...headers },
      body: JSON.stringify({ turn, content, ...(byHeader ? {} : { stream: true }) }),
    })
    return new TurnEvents(response)
  }

  async next(): Promise<TurnEvent> {
    const { value, done } = await this.#events.next()
    if (done) throw new Error('the stream ended where an event was expected')
    return value
  }

  /** All that is left. */
  async rest(): Promise<TurnEvent[]> {
    const events: TurnEvent[] = []
    for await (const event of this.#events) events.push(event)
    return events
  }
}

async function* readEvents({ body }: Response): AsyncGenerator<TurnEvent> {
  let text = ''
  for await (const piece of (body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream())) {
    const blocks = (text + piece).split('\n\n')
    text = blocks.pop() ?? ''
    for (const block of blocks) yield readEvent(block)
  }
}

const readEvent = (block: string): TurnEvent => {
  const [, event = '', data = ''] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? assert.fail(`no event: ${block}`)
  return { event, data: JSON.parse(data) }
}

/** Asserts that tokens are counted from 0 without a gap, and that one event that is no token comes last. */
export const assertEventsInOrder = (events: readonly TurnEvent[]): void => {
  const tokens = events.filter(({ event }) => event === 'token')
  for (const [at, { data }] of tokens.entries()) assert.equal(data.index, at)
  assert.ok(['done', 'error'].includes(events.at(-1)?.event ?? ''), JSON.stringify(events.at(-1)))
}
