import type { Agent } from '../agent-cache/port.ts'
import type { AssembledParts } from '../assembly.ts'
import type { Todo } from '../hydration/port.ts'
import type { SessionState } from '../state/port.ts'
import type { PromptMessage } from '../upstream/port.ts'

/** The agent of a session that names none. */
const usualAgent = 'assistant'

/** The agent that answers in a session. */
export const agentOf = ({ agents }: Pick<AssembledParts, 'agents'>, session: SessionState): Promise<Agent> | Agent =>
  agents.agentOf(session.agent ?? usualAgent)

type PromptParts = Pick<AssembledParts, 'memory' | 'hydration' | 'knowledge'>

/**
 * What the model is shown: who it is and what it knows first, then the end of the conversation, then what the client
 * says now.
 */
export const promptOf = async (
  { memory, hydration, knowledge }: PromptParts,
  agent: Agent,
  session: SessionState,
  content: string,
  signal: AbortSignal,
): Promise<PromptMessage[]> => {
  const memories = await memory.recall(agent.name, content, signal)
  const todos = await hydration.todosOf(session)
  const found = await knowledge.lookUp(content, signal)
  const system = [agent.prompt, ...memories, ...todoLines(todos), ...found].join('\n')
  return [{ role: 'system', content: system }, ...session.recent, { role: 'user', content }]
}

const todoLines = (todos: readonly Todo[]): string[] =>
  todos.length === 0 ? [] : ['To do:', ...todos.map(({ text, done }) => `- [${done ? 'x' : ' '}] ${text}`)]
