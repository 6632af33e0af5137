/** Tokens in an answer of the model stub that asks for no other number. */
export const usualTokens = 8
/** Median of the time that an answer takes where the stub is told no other. */
export const usualLatencyMs = 40
const sigma = 0.3

/** Some are not ASCII, of two, three and four bytes a character: who cuts a stream wrongly shall be found out. */
const words = [
  ...['amber', 'basin', 'cedar', 'delta', 'ember', 'fjörd', 'grove', 'heron', 'inlet', 'jetty', 'knoll', 'larch'],
  ...['marsh', 'north', 'océan', 'plain', 'quarry', 'ridge', 'shoal', 'tidal', 'upland', 'vale', 'weald', 'yarrow'],
  ...['zenith', 'brook', 'cliff', 'dune', 'eddy', '火山', 'gorge', '🌊'],
]

/** What the stub will say and how long it takes over it: a pure function of session and turn. */
export interface PlannedAnswer {
  tokens: string[]
  totalMs: number
}

/** 32-bit FNV-1a over the UTF-16 units of the text. */
export const hashText = (text: string): number => {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** The finaliser of MurmurHash3: neighbouring inputs give unrelated outputs. */
const scramble = (value: number): number => {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

/** Uniform in (0, 1), never at either end: a logarithm is taken of it. */
export const uniform = (seed: number, draw: number): number =>
  (scramble(seed + Math.imul(draw, 0x9e3779b9)) + 0.5) / 2 ** 32

/** Standard normal, by Box and Muller's method. */
const normal = (seed: number): number =>
  Math.sqrt(-2 * Math.log(uniform(seed, 1))) * Math.cos(2 * Math.PI * uniform(seed, 2))

const pickToken = (seed: number, index: number): string => {
  const word = words[Math.floor(uniform(seed, 3 + index) * words.length)]!
  return index === 0 ? word : ` ${word}`
}

/**
 * Each token is one word; a longer answer begins with the shorter one. Total latency is log-normal with sigma 0.3 and
 * does not depend on the number of tokens.
 * @param medianMs of the total latency
 */
export const planAnswer = (
  session: string,
  turn: string,
  tokenCount: number = usualTokens,
  medianMs: number = usualLatencyMs,
): PlannedAnswer => {
  const seed = hashText(`${session}\n${turn}`)
  return {
    tokens: Array.from({ length: tokenCount }, (_, index) => pickToken(seed, index)),
    totalMs: medianMs * Math.exp(sigma * normal(seed)),
  }
}

/** Says a token over and over, as often as it fits into so many characters, and once at least. */
export const widen = (token: string, characters: number): string =>
  token.repeat(Math.max(1, Math.floor(characters / token.length)))
