/** Where lines go; only a terminal gets a line that is written over. */
export interface Output {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

/** Lines that stay, and on a terminal one below them that moves. */
export class MovingLine {
  private readonly output: Output
  private isOpen = false

  constructor(output: Output) {
    this.output = output
  }

  /** Writes over the line that moves. */
  move(text: string): void {
    if (!this.output.isTTY) return
    this.isOpen = true
    this.output.write(`\r\x1b[2K${text.slice(0, (this.output.columns ?? 80) - 1)}`)
  }

  /** Takes the line that moves away, if there is one. */
  end(): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.output.write('\r\x1b[2K')
  }

  /** A line that stays. */
  line(text: string): void {
    this.end()
    this.output.write(`${text}\n`)
  }
}
