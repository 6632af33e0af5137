/**
 * Turns whose answer comes as server-sent events, each token checked. Runs on weir; stock k6 needs a build of it with
 * the extension xk6-sse, from which `k6/x/sse` comes.
 */
import sse from 'k6/x/sse'
import { AnswerCheck, parse, tokensPerTurn, type WholeAnswer } from './answers.ts'
import { baseUrl, jsonHeaders, now, recordTurn, type Turn, turnsFailed } from './turn.ts'

/** A tool that the model wants to be run by the client. */
export interface ToolCall {
  id: string
  name: string
  arguments: string
}

/** Why a turn failed, as the gateway tells it. */
export interface Problem {
  status: number
  detail: string
}

/** What a scenario does while the stream runs; a handler that waits holds the reading up. */
export interface StreamHandlers {
  /** @param atMs when it was here, in ms of `now()` */
  onToken?: (index: number, atMs: number) => void
  onToolCall?: (call: ToolCall) => void
  /** The turn failed after its stream had begun. */
  onError?: (problem: Problem) => void
  /** Goes away after so many tokens: nothing failed then. */
  leaveAfter?: number
}

interface Token {
  index: number
  text: string
}

/** Takes a turn and records it. @returns whether all of it came, every token right and in its place */
export function streamTurn(
  { session, turn, content, key, tokens = tokensPerTurn, width = 0 }: Turn,
  { onToken, onToolCall, onError, leaveAfter }: StreamHandlers = {},
): boolean {
  const answer = new AnswerCheck(session, turn, tokens, width)
  let isGood = false
  let firstTokenMs = 0
  const sentMs = now()
  sse.open(
    `${baseUrl}/v1/sessions/${session}/turns`,
    {
      method: 'POST',
      body: JSON.stringify({ turn, content, stream: true }),
      headers: jsonHeaders(key),
      tags: { name: 'streamed turn' },
    },
    (client) => {
      client.on('event', ({ name, data }) => {
        if (name === 'token') {
          const atMs = now()
          if (firstTokenMs === 0) firstTokenMs = atMs
          const { index, text } = JSON.parse(data) as Token
          answer.hear(turn, index, text)
          onToken?.(index, atMs)
          if (index + 1 === leaveAfter) client.close()
        } else if (name === 'tool_call') onToolCall?.(JSON.parse(data) as ToolCall)
        else if (name === 'error') onError?.(JSON.parse(data) as Problem)
        else if (name === 'done') {
          isGood = answer.endStream(parse<WholeAnswer>(data))
          if (isGood) recordTurn({ intendedMs: sentMs, sentMs, firstTokenMs, lastTokenMs: now() })
        }
      })
    },
  )
  if (!isGood && leaveAfter === undefined) turnsFailed.add(true)
  return isGood
}
