/** Tokens in every answer of the model stub. */
export const tokensPerAnswer = 8
const medianMs = 40
const sigma = 0.3

const words = [
  ...['amber', 'basin', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heron', 'inlet', 'jetty', 'knoll', 'larch'],
  ...['marsh', 'north', 'ocean', 'plain', 'quarry', 'ridge', 'shoal', 'tidal', 'upland', 'vale', 'weald', 'yarrow'],
  ...['zenith', 'brook', 'cliff', 'dune', 'eddy', 'flint', 'gorge', 'haven'],
]

/** What the stub will say and how long it takes over it: a pure function of session and turn. */
export interface PlannedAnswer {
  tokens: string[]
  totalMs: number
}

/** 32-bit FNV-1a over the UTF-16 units of the text. */
const hashText = (text: string): number => {
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
const uniform = (seed: number, draw: number): number => (scramble(seed + Math.imul(draw, 0x9e3779b9)) + 0.5) / 2 ** 32

/** Standard normal, by Box and Muller's method. */
const normal = (seed: number): number =>
  Math.sqrt(-2 * Math.log(uniform(seed, 1))) * Math.cos(2 * Math.PI * uniform(seed, 2))

const pickToken = (seed: number, index: number): string => {
  const word = words[Math.floor(uniform(seed, 3 + index) * words.length)]!
  return index === 0 ? word : ` ${word}`
}

/** Total latency is log-normal with median 40 ms and sigma 0.3; each of the eight tokens is one word. */
export const planAnswer = (session: string, turn: string): PlannedAnswer => {
  const seed = hashText(`${session}\n${turn}`)
  return {
    tokens: Array.from({ length: tokensPerAnswer }, (_, index) => pickToken(seed, index)),
    totalMs: medianMs * Math.exp(sigma * normal(seed)),
  }
}
