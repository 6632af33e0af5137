/** A session's WebSocket, and what the gateway says over it. */
import { WebSocket } from 'k6/websockets'
import { baseUrl } from './turn.ts'

export interface ServerMessage {
  type: 'token' | 'tool_call' | 'done' | 'error'
  turn: number
  index: number
  text: string
  tokens: number
  content: string
  /** Of an error. */
  status: number
}

export const openSocket = (session: string, key: string): WebSocket =>
  new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/v1/sessions/${session}/ws`, null, { headers: { 'x-api-key': key } })
