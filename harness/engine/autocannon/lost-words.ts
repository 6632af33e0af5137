/**
 * How autocannon 9 misreads answers: `interim` is one that comes before the answer (103 Early Hints) and is taken for it,
 * `endless` one that has no body and says how long it is (304 with Content-Length), `torn` one that began and had no end in time,
 * or that is taken for the rest of such a one.
 */
export type Misreading = 'interim' | 'endless' | 'torn'

const told: Record<Misreading, [what: string, remedy: string]> = {
  interim: [
    'interim answers, which autocannon takes for the answer and sends again at once',
    'let the server send none',
  ],
  endless: [
    'answers have no body but announce one, which autocannon waits for',
    'let the server send them without Content-Length',
  ],
  torn: [
    'answers began and had no end in time, or were taken for the rest of such a one',
    'let the server end its answers in time',
  ],
}

/** Why nothing of a load may be used in which autocannon misread answers. */
export function misreadInWords(how: Misreading, count: number, statuses: ReadonlySet<number>): string {
  const [what, remedy] = told[how]
  const which = statuses.size === 0 ? '' : ` (status ${[...statuses].sort((a, b) => a - b).join(', ')})`
  return `${count} ${what}${which}, so nothing of this load may be used: ${remedy}, or load it with a k6 script`
}

/** The same where requests went with their connection. */
export const goneInWords = (count: number): string =>
  `${count} requests went with their connection, which the server closed or refused. Autocannon then takes the time of one request for that of another, so nothing of this load may be used: let the server keep connections open, or load it with a k6 script`
