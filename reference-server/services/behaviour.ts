/**
 * How the model stub answers is asked for with words in the last user message, which every gateway passes on
 * unchanged, one or several, apart by spaces or commas: `stub:tokens-400 stub:gap-5`. Other text may stand around them.
 *
 *   stub:tokens-N     N tokens instead of 8; the first 8 stay the same
 *   stub:width-N      each token said over and over, as often as it fits into N characters: streams of megabytes
 *   stub:take-N       the answer takes N ms in all; 0 answers at once
 *   stub:gap-N        a token every N ms, counted from the arrival; 0 answers at once
 *   stub:stamp        instead of its word, each token of a stream tells when it was emitted: CLOCK_MONOTONIC in ms
 *   stub:trickle-N    N bytes (3) every millisecond or two, cut anywhere, also inside an event or a character
 *   stub:tool-NAME    a call of this tool first, and the text once its result is there; several words, several calls;
 *                     `stub:tool-NAME-{"q":"x"}` gives it arguments, sent as they are, be they JSON or not
 *   stub:result-{T}   the text T is what a tool is to give, a word for each in the order of the calls: any other is
 *                     refused with status 400
 *
 * and what can go wrong, of which the last one counts. With tools it goes wrong with the text that follows them:
 *
 *   stub:status-N     an error of this status, 400 to 599; 429 and 503 say `Retry-After: 7`
 *   stub:hang         no answer at all             stub:hang-after-N  N tokens and then silence, the connection open
 *   stub:reset        the connection is closed     stub:cut           the same after half of the answer
 *   stub:malformed    a body that is no JSON       stub:broken-sse    an unreadable event after half of a stream, which
 *                                                                     otherwise comes whole
 */
export interface Behaviour {
  tokenCount: number
  /** The most characters of a token, into which its word goes as often as it fits; without, it goes once. */
  tokenWidth?: number
  /** Whole time of an answer, ms; without it the planned one. */
  totalMs?: number
  /** Time from token to token, ms; without it tokens are spread evenly over the whole time. */
  gapMs?: number
  /** Tokens tell their own time. */
  isStamped?: boolean
  trickleBytes?: number
  tools: readonly AskedTool[]
  /** What they are to give, each in its turn; without, anything will do. */
  results?: readonly string[]
  fault: Fault
}

export interface AskedTool {
  name: string
  /** Sent as it is. */
  arguments: string
}

export type Fault =
  | { kind: 'none' | 'hang' | 'reset' | 'cut' | 'malformed' | 'broken-sse' }
  | { kind: 'hang-after'; tokens: number }
  | { kind: 'status'; status: number }

/** A word that asks for something there is not. */
export class UnknownBehaviour extends Error {}

interface Numbered {
  least: number
  most: number
  /** For a word without a number. */
  fallback?: number
  asks: (number: number) => Partial<Behaviour>
}

const longestMs = 3_600_000
const fault = (it: Fault): Partial<Behaviour> => ({ fault: it })

const plainWords: Record<string, Partial<Behaviour>> = {
  hang: fault({ kind: 'hang' }),
  reset: fault({ kind: 'reset' }),
  cut: fault({ kind: 'cut' }),
  malformed: fault({ kind: 'malformed' }),
  'broken-sse': fault({ kind: 'broken-sse' }),
  stamp: { isStamped: true },
}

const numberedWords: Record<string, Numbered> = {
  tokens: { least: 1, most: 100_000, asks: (tokenCount) => ({ tokenCount }) },
  width: { least: 1, most: 65_536, asks: (tokenWidth) => ({ tokenWidth }) },
  take: { least: 0, most: longestMs, asks: (totalMs) => ({ totalMs }) },
  gap: { least: 0, most: longestMs, asks: (gapMs) => ({ gapMs }) },
  trickle: { least: 1, most: 65_536, fallback: 3, asks: (trickleBytes) => ({ trickleBytes }) },
  'hang-after': { least: 0, most: 100_000, asks: (tokens) => fault({ kind: 'hang-after', tokens }) },
  status: { least: 400, most: 599, fallback: 500, asks: (status) => fault({ kind: 'status', status }) },
}

/** A word, and what it has in braces up to the last one before the next word: there may be spaces in that. */
const words = /(?<![^\s,])stub:([\w.-]+)(\{(?:(?!stub:).)*\})?/gs

/**
 * What a text asks for, over what holds for all.
 * @throws UnknownBehaviour naming the word that is not known, or whose number is out of range
 */
export const behaviourOf = (text: string, usual: Behaviour): Behaviour => {
  if (!text.includes('stub:')) return usual
  let behaviour = usual
  for (const [, word = '', json] of text.matchAll(words)) {
    if (word.startsWith('tool-')) behaviour = { ...behaviour, tools: [...behaviour.tools, toolOf(word, json)] }
    else if (word === 'result-' && json) {
      behaviour = { ...behaviour, results: [...(behaviour.results ?? []), json.slice(1, -1)] }
    }
    // The other stubs'.
    else if (!/^(knowledge|memory)-/.test(word)) behaviour = { ...behaviour, ...asked(word) }
  }
  return behaviour
}

const toolOf = (word: string, json: string | undefined): AskedTool => {
  const name = word.slice('tool-'.length)
  return json === undefined ? { name, arguments: '{}' } : { name: name.replace(/-$/, ''), arguments: json }
}

const asked = (word: string): Partial<Behaviour> => {
  if (Object.hasOwn(plainWords, word)) return plainWords[word]!
  const [, name = '', digits] = /^([a-z-]+?)(?:-(\d+))?$/.exec(word) ?? []
  const numbered = Object.hasOwn(numberedWords, name) ? numberedWords[name] : undefined
  const number = digits === undefined ? numbered?.fallback : Number(digits)
  if (!numbered || number === undefined || number < numbered.least || number > numbered.most) throw unknown(word)
  return numbered.asks(number)
}

const unknown = (word: string): UnknownBehaviour => {
  const ranges = Object.entries(numberedWords).map(([name, { least, most }]) => `${name}-N (${least} to ${most})`)
  const known = [...Object.keys(plainWords), ...ranges, 'tool-NAME', 'result-{T}']
  return new UnknownBehaviour(`the stub does not know stub:${word}; it knows: ${known.join(', ')}`)
}
