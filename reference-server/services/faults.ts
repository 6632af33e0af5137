/**
 * Misbehaviour that a test asks for with the text of its message, which every gateway passes on unchanged:
 * `stub:status-500`, `stub:hang`, `stub:malformed`, `stub:reset`, `stub:cut` (reset after half of a stream),
 * `stub:take-1500` (the answer takes 1,500 ms in all).
 */
export type Fault =
  | { kind: 'none' }
  | { kind: 'hang' }
  | { kind: 'malformed' }
  | { kind: 'reset' }
  | { kind: 'cut' }
  | { kind: 'status'; status: number }
  | { kind: 'take'; totalMs: number }

const none: Fault = { kind: 'none' }

/** The fault that a message asks for; anything that is no such request means none. */
export const faultOf = (content: string): Fault => {
  if (!content.startsWith('stub:')) return none
  const [, kind, number] = /^stub:([a-z]+)(?:-(\d+))?$/.exec(content) ?? []
  switch (kind) {
    case 'hang':
    case 'malformed':
    case 'reset':
    case 'cut':
      return { kind }
    case 'status':
      return { kind, status: Number(number ?? 500) }
    case 'take':
      return { kind, totalMs: Number(number ?? 1_000) }
    default:
      return none
  }
}
