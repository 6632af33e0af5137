import { invalid } from './problems.ts'
import { isTurnNumber } from './schemas.ts'

/** Takes a turn. */
export interface TurnMessage {
  type: 'turn'
  turn: number
  content: string
}

/** Interrupts a turn of the session, or all of them. */
export interface InterruptMessage {
  type: 'interrupt'
  turn?: number
}

/** What a tool that the client ran has given. */
export interface ToolResultMessage {
  type: 'tool_result'
  id: string
  content: string
}

/** What clients send over a WebSocket. */
export type ClientMessage = TurnMessage | InterruptMessage | ToolResultMessage

const expected = 'expected a text message {"type":"turn","turn":7,"content":"..."}, or of type interrupt or tool_result'

/** @throws Problem 400, saying what a message must be */
export const readMessage = (text: string | undefined): ClientMessage => {
  const message = parse(text)
  switch (message?.type) {
    case 'turn':
      return readTurn(message)
    case 'interrupt':
      return readInterrupt(message)
    case 'tool_result':
      return readToolResult(message)
    default:
      throw invalid(expected)
  }
}

const parse = (text = ''): Record<string, unknown> | null => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const readTurn = ({ turn, content }: Record<string, unknown>): TurnMessage => {
  if (!isTurnNumber(turn)) throw invalid('turn must be a whole number from 0')
  if (typeof content !== 'string' || content === '') throw invalid('content must be a text of at least one character')
  return { type: 'turn', turn, content }
}

const readInterrupt = ({ turn }: Record<string, unknown>): InterruptMessage => {
  if (turn === undefined) return { type: 'interrupt' }
  if (!isTurnNumber(turn)) throw invalid('turn must be a whole number from 0, or absent for all turns of the session')
  return { type: 'interrupt', turn }
}

const readToolResult = ({ id, content }: Record<string, unknown>): ToolResultMessage => {
  if (typeof id !== 'string' || id === '') throw invalid('id must be the id of a tool_call message')
  if (typeof content !== 'string') throw invalid('content must be a text')
  return { type: 'tool_result', id, content }
}
