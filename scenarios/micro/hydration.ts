/** Finds out the to-do list of a session that has 2,000 messages behind it. */
import { cachedHydration } from '../../reference-server/hydration/cached.ts'
import type { Hydration, Line, ReadHistory } from '../../reference-server/hydration/port.ts'
import { rescanningHydration } from '../../reference-server/hydration/rescan.ts'
import { keys, newState, sessionOf } from './lib/sessions.ts'

const messages = 2000
/** Every so manieth message has a list. */
const listEvery = 50
const list =
  '```json\n{"todos": [{"text": "book the flight", "done": true}, {"text": "book the hotel", "done": false}]}\n```'

/** Read from memory: what a database adds is no part of this. */
const history: readonly Line[] = Array.from({ length: messages }, (_, at) => ({
  role: at % 2 === 0 ? 'user' : 'assistant',
  content:
    at % listEvery === listEvery - 1 ? `Here is the list.\n\n${list}` : 'And what else is there to be done for it?',
}))
const readHistory: ReadHistory = async (_, most) => (most === undefined ? history : history.slice(-most))

const sessions = keys.map((key) => ({ ...newState(key), turns: messages / 2 }))

async function lookUp(hydration: Hydration) {
  for (const session of sessions) await hydration.todosOf(session)
  return {
    operation: (at: number) => {
      const todos = hydration.todosOf(sessions[sessionOf(at)]!)
      return todos instanceof Promise ? todos.then(({ length }) => length) : todos.length
    },
  }
}

export const tasks = {
  cached: { open: () => lookUp(cachedHydration(readHistory)) },
  scanned: { open: () => lookUp(rescanningHydration(readHistory)) },
}
