import type { FakeGateway, RunningTurn } from './gateway.ts'
import { type Refusal, refusalOf } from './refusal.ts'

/** Who hears an answer, over whatever connection. */
export interface Client {
  send(event: 'token' | 'tool_call' | 'done' | 'error', data: Record<string, unknown>): void
  onGone(listener: () => void): void
  end(): void
}

/** Speaks a turn's tokens at their pace, its tools first. @returns what interrupts it */
export const speak = (gateway: FakeGateway, running: RunningTurn, client: Client): (() => void) => {
  const { session, turn, tokens, gapMs, tools, results } = running
  let index = 0
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const stop = (): boolean => {
    clearTimeout(timer)
    const wasRunning = !isOver
    isOver = true
    return wasRunning
  }
  const next = (): void => {
    if (isOver) return
    if (index < tokens.length) {
      client.send('token', { index, text: tokens[index] })
      index += 1
      timer = setTimeout(next, gapMs)
      return
    }
    isOver = true
    gateway.completeTurn(running)
    client.send('done', { session, turn, tokens: tokens.length, content: tokens.join('') })
    client.end()
  }
  const fail = (problem: Refusal): void => {
    if (!stop()) return
    client.send('error', problem)
    client.end()
  }
  client.onGone(() => stop() && gateway.noteAbort(running))
  const id = `call-${session}-${turn}-0`
  if (tools.length === 0) timer = setTimeout(next, gapMs)
  else {
    gateway.waitingCalls.set(id, (result) => {
      const refusal = refusalOf([result], results)
      if (refusal) fail(refusal)
      else next()
    })
    client.send('tool_call', { id, name: tools[0]!.name, arguments: '{}' })
  }
  return () => {
    if (!stop()) return
    gateway.noteAbort(running)
    client.send('error', { status: 409, title: 'Conflict', detail: 'interrupted' })
    client.end()
  }
}
