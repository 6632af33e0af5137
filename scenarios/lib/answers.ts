/**
 * What the model stub says, worked out a second time: every scenario knows each token that it must get, and in which
 * place. A token that is lost, doubled, out of order, cut, or of another session or turn cannot hide.
 *
 *   answers_wrong   answers with such a token, `why`: text, order, doubled, lost, foreign; never those that failed
 */
import { Counter } from 'k6/metrics'

/** `ext.weir.voidUnless` of every scenario that checks its answers. */
export const answersRight = { answers_wrong: ['count==0'] }

const answersWrong = new Counter('answers_wrong')

/** How many tokens an answer has where nothing else was asked for. */
export const tokensPerTurn = 8

const words = [
  ...['amber', 'basin', 'cedar', 'delta', 'ember', 'fjörd', 'grove', 'heron', 'inlet', 'jetty', 'knoll', 'larch'],
  ...['marsh', 'north', 'océan', 'plain', 'quarry', 'ridge', 'shoal', 'tidal', 'upland', 'vale', 'weald', 'yarrow'],
  ...['zenith', 'brook', 'cliff', 'dune', 'eddy', '火山', 'gorge', '🌊'],
]
/** Of the draws that follow from session and turn, the first two are the stub's latency. */
const firstTokenDraw = 3
const goldenRatio = 0x9e3779b9

/** 32-bit FNV-1a over the UTF-16 units of the text. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

/** The finaliser of MurmurHash3. */
function scramble(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}

function tokenAt(seed: number, index: number): string {
  const share = (scramble(seed + Math.imul(firstTokenDraw + index, goldenRatio)) + 0.5) / 2 ** 32
  const word = words[Math.floor(share * words.length)] as string
  return index === 0 ? word : ` ${word}`
}

/** The tokens of an answer, from session and turn alone. @param width characters of each, where they are widened */
export function tokensOf(session: string, turn: number, count = tokensPerTurn, width = 0): string[] {
  const seed = hashText(`${session}\n${turn}`)
  return Array.from({ length: count }, (_, index) => {
    const token = tokenAt(seed, index)
    return token.repeat(Math.max(1, Math.floor(width / token.length)))
  })
}

export type WhyWrong = 'text' | 'order' | 'doubled' | 'lost' | 'foreign'

/** What an answer says of itself when it is whole. */
export interface WholeAnswer {
  session?: string
  turn: number
  tokens: number
  content: string
}

/** What a server sent as JSON; null where it is none. */
export function parse<T>(text: unknown): T | null {
  try {
    return JSON.parse(String(text)) as T
  } catch {
    return null
  }
}

/** Holds one answer against what it must be, token by token or whole. An answer is counted as wrong once. */
export class AnswerCheck {
  private readonly session: string
  private readonly turn: number
  private readonly expected: string[]
  private next = 0
  private passedOver: number[] | null = null
  private wrong: WhyWrong | null = null

  constructor(session: string, turn: number, tokens = tokensPerTurn, width = 0) {
    this.session = session
    this.turn = turn
    this.expected = tokensOf(session, turn, tokens, width)
  }

  /** Why it is wrong, as far as it has come; null as long as nothing is. */
  get why(): WhyWrong | null {
    return this.wrong
  }

  /** A streamed token came. */
  hear(turn: number, index: number, text: string): void {
    if (turn !== this.turn) this.isWrong('foreign')
    else if (index !== this.next) this.hearOutOfPlace(index)
    else {
      this.next++
      if (text !== this.expected[index]) this.isWrong('text')
    }
  }

  private hearOutOfPlace(index: number): void {
    if (index < this.next) this.isWrong(this.passedOver?.includes(index) ? 'order' : 'doubled')
    else {
      this.passedOver ??= []
      while (this.next < index && this.next < this.expected.length) this.passedOver.push(this.next++)
      this.next = index + 1
    }
  }

  /** The stream is over, and here is all of it once more. @returns whether the answer is right */
  endStream(answer: WholeAnswer | null): boolean {
    if (this.passedOver !== null || this.next < this.expected.length) this.isWrong('lost')
    return this.takeWhole(answer)
  }

  /** The answer came in one piece; null: it was no answer at all. @returns whether it is right */
  takeWhole(answer: WholeAnswer | null): boolean {
    if (answer === null) this.isWrong('text')
    else this.compare(answer)
    return this.wrong === null
  }

  private compare({ session, turn, tokens, content }: WholeAnswer): void {
    if ((session !== undefined && session !== this.session) || turn !== this.turn) this.isWrong('foreign')
    else if (content !== this.expected.join('')) this.isWrong('text')
    else if (tokens !== this.expected.length) this.isWrong(tokens < this.expected.length ? 'lost' : 'doubled')
  }

  /** What is seen first is why. */
  private isWrong(why: WhyWrong): void {
    if (this.wrong !== null) return
    this.wrong = why
    answersWrong.add(1, { why })
  }
}
