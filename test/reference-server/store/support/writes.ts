import type { PutTurn, Write } from '../../../../reference-server/store/port.ts'

export const createdAt = '2026-01-01T00:00:00.000Z'

export const keyOf = (id: string): string => `app-a/${id}`

export const opening = (id: string, more: { device?: string; atMs?: number } = {}): Write => ({
  ...{ kind: 'put-session', key: keyOf(id), app: 'app-a', agent: 'guide', device: null, createdAt, atMs: 1 },
  ...more,
})

export const turn = (id: string, number: number): PutTurn => ({
  ...{
    kind: 'turn',
    session: keyOf(id),
    createdAt,
    turn: number,
    content: `question ${number}`,
    answer: `answer ${number}`,
  },
  atMs: 1 + number,
})

export const ending = (id: string, idleSinceMs: number): Write => ({
  kind: 'end-session',
  key: keyOf(id),
  idleSinceMs,
})

export const deletion = (id: string): Write => ({ kind: 'delete-session', key: keyOf(id) })

export const use = (id: string, number: number): Write => ({
  ...{ kind: 'use', organisation: 'org-app-a', app: 'app-a', session: keyOf(id), turn: number, tokens: 8 },
  atMs: 1 + number,
})

/** What is said in turns with these numbers. */
export const said = (...numbers: number[]) =>
  numbers.flatMap((number) => [
    { role: 'user', content: `question ${number}` },
    { role: 'assistant', content: `answer ${number}` },
  ])
