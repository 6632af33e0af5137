import assert from 'node:assert/strict'
import { jsonHeaders } from './client.ts'

/** One server-sent event of a turn. */
export interface TurnEvent {
  name: string
  data: Record<string, unknown>
}

/** A turn over server-sent events: all of them, or the problem that came instead. */
export interface EventTurn {
  status: number
  problem?: { detail: string }
  events: TurnEvent[]
}

const readEvent = (text: string): TurnEvent => {
  const [, name = '', data = ''] = /^event: (\w+)\ndata: (.*)$/s.exec(text) ?? assert.fail(`no event: ${text}`)
  return { name, data: JSON.parse(data) }
}

/** Takes a turn and reads its stream to the end. */
export const eventTurn = async (url: string, id: string, turn: number, content: string): Promise<EventTurn> => {
  const body = JSON.stringify({ turn, content, stream: true })
  const response = await fetch(`${url}/v1/sessions/${id}/turns`, { method: 'POST', headers: jsonHeaders, body })
  const text = await response.text()
  const { status } = response
  if (!response.ok) return { status, problem: JSON.parse(text), events: [] }
  return { status, events: text.split('\n\n').slice(0, -1).map(readEvent) }
}

/** Asserts that tokens are counted from 0 without a gap, and that one event that is no token comes last. */
export const assertEventsInOrder = (events: readonly TurnEvent[]): void => {
  const tokens = events.filter(({ name }) => name === 'token')
  for (const [at, { data }] of tokens.entries()) assert.equal(data.index, at)
  assert.ok(['done', 'error'].includes(events.at(-1)?.name ?? ''), JSON.stringify(events.at(-1)))
}
