import { type CompletedTurn, type SessionState, sessionKey } from '../../../reference-server/state/port.ts'

/**
 * Operations go round these sessions: with one alone the optimiser would read it once for all of them. They are few enough to
 * stay in the nearest cache, so that it is the way to the state that is measured and not the memory.
 */
export const sessionCount = 64
export const sessionOf = (at: number): number => at & (sessionCount - 1)

export const keys: readonly string[] = Array.from({ length: sessionCount }, (_, number) =>
  sessionKey('micro', `session-${number}`),
)

const createdAt = '2026-01-01T00:00:00.000Z'

/** A session as it is before its first turn. */
export const newState = (key: string): SessionState => ({
  ...{ key, id: key.split('/')[1]!, app: 'micro', agent: null, device: null },
  ...{ createdAt, turns: 0, lastActivityMs: 0, recent: [] },
})

/** By session, without the look-up of where it is kept. */
export const places = () => keys.map((key) => ({ state: newState(key) }))

export const turn: CompletedTurn = {
  createdAt,
  content: 'What is next?',
  answer: 'The second item of the list.',
  atMs: 1,
}
