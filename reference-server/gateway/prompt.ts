import type { AssembledParts } from '../assembly.ts'
import type { Todo } from '../hydration/port.ts'
import type { SessionState } from '../state/port.ts'
import type { PromptMessage } from '../upstream/port.ts'

/** The agent of a session that names none. */
const usualAgent = 'assistant'

type PromptParts = Pick<AssembledParts, 'agents' | 'memory' | 'hydration' | 'knowledge'>

/**
 * What the model is shown: who it is and what it knows first, then the end of the conversation, then what the client
 * says now.
 */
export const promptOf = async (
  { agents, memory, hydration, knowledge }: PromptParts,
  session: SessionState,
  content: string,
  signal: AbortSignal,
): Promise<PromptMessage[]> => {
  const agent = await agents.agentOf(session.agent ?? usualAgent)
  const memories = await memory.recall(agent.name, content, signal)
  const todos = await hydration.todosOf(session)
  const found = await knowledge.lookUp(content, signal)
  const system = [agent.prompt, ...memories, ...todoLines(todos), ...found].join('\n')
  return [{ role: 'system', content: system }, ...session.recent, { role: 'user', content }]
}

const todoLines = (todos: readonly Todo[]): string[] =>
  todos.length === 0 ? [] : ['To do:', ...todos.map(({ text, done }) => `- [${done ? 'x' : ' '}] ${text}`)]
