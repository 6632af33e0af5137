import { monotonicNow } from '../clock.ts'
import type { WatchedSlice } from '../observe/slices.ts'
import { countInWindows, type WindowCounter } from '../target/instructions.ts'
import { type OutsideObserver, observeOutside } from '../target/observe.ts'
import type { OutsideSample } from '../target/port.ts'

/** What was seen from outside of one of the servers that take turns. */
export interface SeenInSlices {
  slices: WatchedSlice[]
  outside: OutsideSample[]
  instructions: { count: number } | { unavailable: string }
  notes: string[]
}

const lookEveryMs = 250
/** All generators hear of a slice before it begins. Who hears late begins late: turns are short, so waiting costs more. */
const noticeMs = 4

/** Watches one of the servers that take turns from outside: all the time, and at the bounds of each of its slices. */
export class SliceWatch {
  private readonly outside: OutsideObserver
  private readonly counter: WindowCounter | { unavailable: string }
  private readonly slices: WatchedSlice[] = []
  private current: { startMs: number; endMs: number; before: OutsideSample | null } | null = null
  private edges: NodeJS.Timeout[] = []
  private seen: Promise<SeenInSlices> | null = null

  private constructor(pid: number, counter: SliceWatch['counter']) {
    this.outside = observeOutside(pid, lookEveryMs)
    this.counter = counter
  }

  /** @param notCounted why instructions are not counted here; null where they are */
  static async open(pid: number, notCounted: string | null): Promise<SliceWatch> {
    return new SliceWatch(pid, notCounted === null ? await countInWindows([pid]) : { unavailable: notCounted })
  }

  /** Looks, and begins to count. @returns when the slice, of so many ms, is to begin */
  async begin(lengthMs: number): Promise<number> {
    if ('enable' in this.counter) await this.counter.enable()
    const before = this.outside.sampleNow()
    const startMs = monotonicNow() + noticeMs
    this.current = { startMs, endMs: startMs + lengthMs, before }
    this.edges = [noticeMs, noticeMs + lengthMs].map((inMs) => setTimeout(() => this.outside.sampleNow(), inMs))
    return startMs
  }

  /** The slice that was begun has been drained. */
  async end(drainedMs: number): Promise<void> {
    const { current } = this
    if (!current) return
    this.current = null
    const after = this.outside.sampleNow()
    if ('disable' in this.counter) await this.counter.disable()
    const { before, startMs, endMs } = current
    this.slices.push({ startMs, endMs, drainedMs, cpuMs: before && after && after.cpuMs - before.cpuMs })
  }

  /** Whether the server has its turn. */
  get isWithinSlice(): boolean {
    return this.current !== null
  }

  /** The looks so far. */
  soFar(): readonly OutsideSample[] {
    return this.outside.soFar()
  }

  /** Ends all looks. Can be called twice. */
  stop(): Promise<SeenInSlices> {
    this.seen ??= this.finish()
    return this.seen
  }

  private async finish(): Promise<SeenInSlices> {
    for (const timer of this.edges) clearTimeout(timer)
    const instructions = 'stop' in this.counter ? await this.counter.stop() : this.counter
    const { note } = this.outside
    return { slices: this.slices, outside: this.outside.stop(), instructions, notes: note ? [note] : [] }
  }
}
