import { ToolFailure } from '../failure.ts'

const tokenPattern = /\s*(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?|[-+*/%^()])/y

const tokensOf = (expression: string): string[] => {
  const tokens: string[] = []
  const end = expression.trimEnd().length
  tokenPattern.lastIndex = 0
  while (tokenPattern.lastIndex < end) {
    const from = tokenPattern.lastIndex
    const token = tokenPattern.exec(expression)?.[1]
    if (token === undefined) throw new ToolFailure(`"${expression.slice(from, from + 20)}" is no arithmetic`)
    tokens.push(token)
  }
  return tokens
}

type Operation = (left: number, right: number) => number

const sums: Record<string, Operation> = { '+': (left, right) => left + right, '-': (left, right) => left - right }
const products: Record<string, Operation> = {
  '*': (left, right) => left * right,
  '/': (left, right) => left / right,
  '%': (left, right) => left % right,
}

/** One method a level of the grammar, from `+` down to numbers. The bounded length bounds how deep they call each other. */
class Calculation {
  readonly #tokens: readonly string[]
  #at = 0

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens
  }

  result(): number {
    const value = this.#sum()
    if (this.#at < this.#tokens.length) throw new ToolFailure(`"${this.#tokens[this.#at]}" stands where nothing may`)
    return value
  }

  #sum(): number {
    return this.#chain(sums, () => this.#chain(products, () => this.#signed()))
  }

  #chain(operations: Record<string, Operation>, operand: () => number): number {
    let value = operand()
    for (;;) {
      const operation = operations[this.#tokens[this.#at] ?? '']
      if (!operation) return value
      this.#at += 1
      value = operation(value, operand())
    }
  }

  /** A sign binds less than a power: -2^2 is -4. */
  #signed(): number {
    if (this.#take('-')) return -this.#signed()
    if (this.#take('+')) return this.#signed()
    const base = this.#operand()
    return this.#take('^') ? base ** this.#signed() : base
  }

  #operand(): number {
    if (this.#take('(')) {
      const value = this.#sum()
      if (!this.#take(')')) throw new ToolFailure('a parenthesis is not closed')
      return value
    }
    const token = this.#tokens[this.#at++]
    const value = token === undefined ? Number.NaN : Number(token)
    if (Number.isNaN(value)) throw new ToolFailure(`a number is missing ${token ? `before "${token}"` : 'at the end'}`)
    return value
  }

  #take(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false
    this.#at += 1
    return true
  }
}

/** Gives the number, to 15 digits. */
export const run = ({ expression }: { expression: string }): string => {
  const value = new Calculation(tokensOf(expression)).result()
  if (!Number.isFinite(value)) throw new ToolFailure('the result is no finite number')
  return `${Number(value.toPrecision(15))}`
}
