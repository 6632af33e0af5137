import type { FlameRow } from './flame-data.ts'

/** Where a frame is drawn: left edge and width as shares of the whole width, and how far below the top. */
export interface Placing {
  frame: number
  left: number
  width: number
  depth: number
}

/** A flame whose frames can be asked for their relatives; all frames by index. */
export class FlameTree {
  readonly rows: readonly FlameRow[]
  private readonly children: number[][]

  constructor(rows: readonly FlameRow[]) {
    this.rows = rows
    this.children = rows.map(() => [])
    for (const [at, [parent]] of rows.entries()) this.children[parent]?.push(at)
  }

  /** -1: none. */
  parentOf(frame: number): number {
    return this.rows[frame]?.[0] ?? -1
  }

  /** The widest first. */
  childrenOf(frame: number): readonly number[] {
    return this.children[frame] ?? []
  }

  /** From the first one down to the frame's parent. */
  ancestorsOf(frame: number): number[] {
    const found: number[] = []
    for (let at = this.parentOf(frame); at >= 0; at = this.parentOf(at)) found.unshift(at)
    return found
  }

  /**
   * What is drawn where `zoomed` has the full width: its ancestors too, and of what it called all that is wide enough.
   *
   * @param narrowest share of the full width
   */
  layout(zoomed: number, narrowest: number): Placing[] {
    const above = this.ancestorsOf(zoomed)
    const placings = above.map((frame, depth): Placing => ({ frame, left: 0, width: 1, depth }))
    const whole = this.rows[zoomed]?.[2] || 1
    const place = (frame: number, left: number, depth: number): void => {
      const width = this.rows[frame]![2] / whole
      if (width < narrowest) return
      placings.push({ frame, left, width, depth })
      let next = left
      for (const child of this.childrenOf(frame)) {
        place(child, next, depth + 1)
        next += this.rows[child]![2] / whole
      }
    }
    place(zoomed, 0, above.length)
    return placings
  }

  /** Share of all in these frames and in what they call, what lies below one another counted once. */
  shareOf(frames: ReadonlySet<number>): number {
    let share = 0
    for (const frame of frames)
      if (!this.ancestorsOf(frame).some((each) => frames.has(each))) share += this.rows[frame]![2]
    return share
  }
}
