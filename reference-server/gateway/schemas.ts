/** JSON schemas of what clients send and get; Fastify compiles validators and serialisers from them. */
const sessionIdPattern = '^[A-Za-z0-9._:-]{1,128}$'

export const isSessionId = (text: string): boolean => new RegExp(sessionIdPattern).test(text)

/** Turn numbers are the client's own: any whole number from 0. */
export const isTurnNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const params = {
  type: 'object',
  required: ['id'],
  properties: { id: { type: 'string', pattern: sessionIdPattern } },
} as const

const text = { type: 'string' } as const
const count = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER } as const

const session = {
  type: 'object',
  required: ['id', 'turns', 'createdAt'],
  properties: { id: text, turns: count, createdAt: text },
} as const

const sessionDetails = {
  type: ['object', 'null'],
  properties: { agent: { type: 'string', maxLength: 128 }, device: { type: 'string', maxLength: 128 } },
} as const

const turn = {
  type: 'object',
  required: ['turn', 'content'],
  properties: { turn: count, content: { type: 'string', minLength: 1 } },
} as const

const answer = {
  type: 'object',
  required: ['session', 'turn', 'content', 'tokens'],
  properties: { session: text, turn: count, content: text, tokens: count },
} as const

export const putSessionSchema = { params, body: sessionDetails, response: { 200: session, 201: session } }
export const getSessionSchema = { params, response: { 200: session } }
export const deleteSessionSchema = { params }
export const postTurnSchema = { params, body: turn, response: { 200: answer } }
