/** JSON schemas of what clients send. What they get is made field by field where it is answered, and small: it needs none. */
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

const name = { type: 'string', minLength: 1, maxLength: 128 } as const

const message = {
  type: 'object',
  required: ['role', 'content'],
  properties: { role: { enum: ['user', 'assistant'] }, content: text },
} as const

/** `messages`: a conversation that was begun elsewhere; questions and answers take turns in it. */
const sessionDetails = {
  type: ['object', 'null'],
  properties: { agent: name, device: name, messages: { type: 'array', maxItems: 10_000, items: message } },
} as const

const deviceDetails = { ...sessionDetails, type: 'object', required: ['device'] } as const

const turn = {
  type: 'object',
  required: ['turn', 'content'],
  properties: { turn: count, content: { type: 'string', minLength: 1 }, stream: { type: 'boolean' } },
} as const

const toolResult = { type: 'object', required: ['content'], properties: { content: text } } as const

export const postSessionSchema = { body: deviceDetails }
export const putSessionSchema = { params, body: sessionDetails }
export const getSessionSchema = { params }
export const deleteSessionSchema = { params }
export const interruptSchema = { params, body: { type: ['object', 'null'], properties: { turn: count } } }
export const postTurnSchema = { params, body: turn }
export const postToolResultSchema = { params, body: toolResult }
