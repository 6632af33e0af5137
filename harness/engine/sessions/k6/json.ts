import { GoError } from './go-error.ts'

/** @throws GoError with k6's message where `text` is no JSON */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new GoError(new Checker(text).complaint())
  }
}

/** @returns undefined where `text` is no JSON */
export function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

class Fault extends Error {
  /** Characters up to the wrong one, with it. */
  readonly offset: number
  constructor(message: string, offset: number) {
    super(message)
    this.offset = offset
  }
}

/** Walks through a text that is not JSON to say where and why, as Go's decoder does. */
class Checker {
  private readonly text: string
  private at = 0

  constructor(text: string) {
    this.text = text
  }

  complaint(): string {
    try {
      this.value()
      this.space()
      if (this.at < this.text.length) this.refuse('after top-level value')
    } catch (error) {
      if (error instanceof Fault) return this.describe(error)
      throw error
    }
    return 'the body is not JSON'
  }

  private describe({ message, offset }: Fault): string {
    const before = this.text.slice(0, offset)
    const line = before.split('\n').length
    const character = before.length - (before.lastIndexOf('\n') + 1)
    return `cannot parse json due to an error at line ${line}, character ${character} , error: ${message}`
  }

  private refuse(where: string): never {
    if (this.at >= this.text.length) throw new Fault('unexpected end of JSON input', this.text.length)
    throw new Fault(`invalid character ${shown(this.text[this.at]!)} ${where}`, this.at + 1)
  }

  /** Where a number or a word ends with the text, Go sees a space. */
  private refuseUnfinished(where: string): never {
    if (this.at >= this.text.length) throw new Fault(`invalid character ' ' ${where}`, this.text.length)
    return this.refuse(where)
  }

  private space(): void {
    while (' \t\r\n'.includes(this.text[this.at] ?? 'x')) this.at++
  }

  private takes(char: string): boolean {
    if (this.text[this.at] !== char) return false
    this.at++
    return true
  }

  private value(): void {
    this.space()
    if (this.takes('{')) this.object()
    else if (this.takes('[')) this.list()
    else if (this.takes('"')) this.string()
    else if (/[-0-9]/.test(this.text[this.at] ?? '')) this.number()
    else this.word()
  }

  private word(): void {
    const word = ['true', 'false', 'null'].find((one) => one[0] === this.text[this.at])
    if (word === undefined) this.refuse('looking for beginning of value')
    for (const char of word) {
      if (!this.takes(char)) this.refuseUnfinished(`in literal ${word} (expecting '${char}')`)
    }
  }

  private object(): void {
    this.space()
    if (this.takes('}')) return
    for (;;) {
      this.space()
      if (!this.takes('"')) this.refuse('looking for beginning of object key string')
      this.string()
      this.space()
      if (!this.takes(':')) this.refuse('after object key')
      this.value()
      this.space()
      if (this.takes('}')) return
      if (!this.takes(',')) this.refuse('after object key:value pair')
    }
  }

  private list(): void {
    this.space()
    if (this.takes(']')) return
    for (;;) {
      this.value()
      this.space()
      if (this.takes(']')) return
      if (!this.takes(',')) this.refuse('after array element')
    }
  }

  private string(): void {
    for (;;) {
      if (this.takes('"')) return
      const char = this.text[this.at]
      if (char === undefined || char < ' ') this.refuse('in string literal')
      this.at++
      if (char === '\\') this.escape()
    }
  }

  private escape(): void {
    if (this.takes('u')) {
      for (let digit = 0; digit < 4; digit++) {
        if (!/[0-9a-fA-F]/.test(this.text[this.at] ?? '')) this.refuse('in \\u hexadecimal character escape')
        this.at++
      }
    } else if ('"\\/bfnrt'.includes(this.text[this.at] ?? 'x')) this.at++
    else this.refuse('in string escape code')
  }

  private number(): void {
    this.takes('-')
    if (!this.takes('0')) this.digits('in numeric literal')
    if (this.takes('.')) this.digits('after decimal point in numeric literal')
    if (this.takes('e') || this.takes('E')) {
      if (!this.takes('+')) this.takes('-')
      this.digits('in exponent of numeric literal')
    }
  }

  private digits(where: string): void {
    const start = this.at
    while (/[0-9]/.test(this.text[this.at] ?? '')) this.at++
    if (this.at === start) this.refuseUnfinished(where)
  }
}

/** A character in quotes; of several bytes Go sees the first. */
function shown(char: string): string {
  if (char === "'") return "'\\''"
  if (char === '"') return `'"'`
  const first = String.fromCharCode(Buffer.from(char, 'utf8')[0]!)
  return `'${JSON.stringify(first).slice(1, -1)}'`
}
