import { randomUUID } from 'node:crypto'
import type { Agent } from '../agent-cache/port.ts'
import type { AssembledParts } from '../assembly.ts'
import type { Answer } from '../delivery/port.ts'
import { messageOf } from '../errors.ts'
import { sessionKey } from '../state/port.ts'
import type { ToolCall } from '../tools/port.ts'
import type { PromptMessage } from '../upstream/port.ts'
import { Problem, upstreamFailed } from './problems.ts'
import type { Turn } from './turn.ts'

/** A model that asks for tools again and again would never end its turn. */
const mostRounds = 8

/** What the turn's conversation with the model needs to know. */
export interface Conversation {
  /** The turn's id in `delivery`. */
  id: number
  turn: Turn
  agent: Agent
  prompt: readonly PromptMessage[]
  /** How long a tool that the client runs may take. */
  toolTimeoutMs: number
}

/**
 * Calls the model, runs the tools that it asks for, shows it their results, until it answers.
 * @throws Problem 502 or 504, or the reason with which the turn was aborted
 */
export const converse = async (parts: AssembledParts, conversation: Conversation): Promise<Answer> => {
  const messages = [...conversation.prompt]
  for (let round = 0; round < mostRounds; round++) {
    const answer = await askModel(parts, conversation, messages)
    const { toolCalls = [] } = answer
    if (toolCalls.length === 0) return answer
    messages.push({ role: 'assistant', content: answer.content, tool_calls: toolCalls.map(asMessagePart) })
    const results = await Promise.all(toolCalls.map((call) => runTool(parts, conversation, call)))
    for (const [index, content] of results.entries())
      messages.push({ role: 'tool', tool_call_id: toolCalls[index]!.id, content })
  }
  throw upstreamFailed(`the model asked for tools ${mostRounds} times over in one turn`)
}

const asMessagePart = ({ id, name, arguments: text }: ToolCall) => ({
  id,
  type: 'function' as const,
  function: { name, arguments: text },
})

const askModel = async (
  { upstream, delivery, usage }: AssembledParts,
  { id, turn, agent }: Conversation,
  messages: readonly PromptMessage[],
): Promise<Answer> => {
  const { caller, session, turn: number, listener } = turn.request
  const stream = {
    onToken: (text: string) => {
      turn.lifecycle.mark('first-token')
      return delivery.token(id, text)
    },
    whenReady: (resume: () => void) => delivery.whenReady(id, resume),
  }
  turn.lifecycle.mark('upstream-started')
  const answer = await upstream.complete({
    ...{ apiKey: caller.apiKey, session, turn: number, messages, toolsJson: agent.toolsJson, signal: turn.signal },
    ...(listener ? { stream } : {}),
  })
  // An answer that came whole had its first token with its last; a call of tools has none.
  if (answer.content !== '') turn.lifecycle.mark('first-token')
  await usage.record({ app: caller.app, session: turn.key, turn: number, tokens: answer.tokens })
  return answer
}

/** A tool's result as the model is shown it. */
const runTool = async (parts: AssembledParts, conversation: Conversation, call: ToolCall): Promise<string> => {
  const { turn, agent } = conversation
  if (parts.tools.has(call.name)) return agent.wrongIn(call.name, call.arguments) ?? parts.tools.run(call, turn.signal)
  if (turn.request.listener) return askClient(parts, conversation, call)
  return `there is no tool ${call.name}, and the client of this turn cannot be asked for one`
}

/**
 * Tools that the gateway does not have are the client's: it is told of the call and posts the result, at whichever
 * worker it reaches. The call's id is our own, since ids that the model makes up could be guessed, or come twice.
 */
const askClient = async (
  { toolResults, delivery }: AssembledParts,
  { id, turn, toolTimeoutMs }: Conversation,
  call: ToolCall,
): Promise<string> => {
  const callId = randomUUID()
  const wait = waitFor(turn.signal, toolTimeoutMs)
  try {
    const expected = await toolResults.expect(sessionKey(turn.request.caller.app, callId), wait.signal)
    delivery.toolCall(id, { ...call, id: callId })
    return (await expected.result).content
  } catch (error) {
    turn.signal.throwIfAborted()
    if (wait.signal.aborted) return `the tool ${call.name} gave no result within ${toolTimeoutMs} ms`
    if (error instanceof Problem) throw error
    throw upstreamFailed(`the result of ${call.name} could not be taken: ${messageOf(error)}`, error)
  } finally {
    wait.over()
  }
}

/**
 * A signal that aborts with the turn or when the time is up. `AbortSignal.timeout` would keep a timer for each call until
 * then, however soon its result came.
 */
const waitFor = (turn: AbortSignal, ms: number): { signal: AbortSignal; over: () => void } => {
  const controller = new AbortController()
  const giveUp = (): void => controller.abort(turn.reason)
  const timer = setTimeout(() => controller.abort(), ms)
  if (turn.aborted) giveUp()
  turn.addEventListener('abort', giveUp)
  const over = (): void => {
    clearTimeout(timer)
    turn.removeEventListener('abort', giveUp)
  }
  return { signal: controller.signal, over }
}
