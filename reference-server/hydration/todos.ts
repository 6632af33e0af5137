import type { Line, Todo } from './port.ts'

const mostItems = 100
const opening = '```json'
const closing = '```'

export const noTodos: readonly Todo[] = []

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isTodo = (item: unknown): item is Todo => {
  const { text, done } = (item ?? {}) as Partial<Todo>
  return typeof text === 'string' && typeof done === 'boolean'
}

const listIn = (json: string): readonly Todo[] | undefined => {
  const todos = (parse(json) as { todos?: unknown } | null | undefined)?.todos
  if (!Array.isArray(todos) || !todos.every(isTodo)) return undefined
  return todos.slice(0, mostItems).map(({ text, done }) => ({ text, done }))
}

/** What stands in blocks of JSON. One look at each character, for a message may open blocks without end. */
const blocksIn = (content: string): string[] => {
  const blocks: string[] = []
  let from = content.indexOf(opening)
  while (from !== -1) {
    const end = content.indexOf(closing, from + opening.length)
    if (end === -1) break
    blocks.push(content.slice(from + opening.length, end))
    from = content.indexOf(opening, end + closing.length)
  }
  return blocks
}

/** The last list in a line, or undefined where it has none. Most lines have none, and are told by one look. */
export const todosIn = ({ role, content }: Line): readonly Todo[] | undefined => {
  if ((role !== 'assistant' && role !== 'tool') || !content.includes('"todos"')) return undefined
  const blocks = blocksIn(content)
  if (blocks.length === 0) return listIn(content)
  for (const json of blocks.reverse()) {
    const list = listIn(json)
    if (list) return list
  }
  return undefined
}

/** The last list in a conversation, looked for from its end. */
export const lastTodosIn = (lines: readonly Line[]): readonly Todo[] | undefined => {
  for (let at = lines.length - 1; at >= 0; at--) {
    const list = todosIn(lines[at]!)
    if (list) return list
  }
  return undefined
}
