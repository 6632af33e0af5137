import type { Run } from '../record/schema.ts'
import type { PlannedTrial } from '../schedule.ts'
import type { Course } from './course.ts'
import type { Lacking } from './request.ts'

/**
 * All blocks of a campaign, and then up to so many more for those whose pairs could not all be used: a neighbour that takes
 * the machine for a minute costs time, and no answer. Whether a pair may be used is decided by the generator, the services
 * and what the script checks, never by how large its numbers are, so that nothing is chosen by its result.
 */
export class FillingCourse implements Course {
  readonly trials: readonly PlannedTrial[]
  readonly certain: number
  private readonly soFar: () => Run
  private readonly lackingIn: Lacking
  /** As it was when the first trial of the block was asked about. */
  private lacking: { block: number; of: ReturnType<Lacking> } | null = null

  /** @param trials of all blocks that there may be @param soFar the run with what it has at the time of the call */
  constructor(trials: readonly PlannedTrial[], soFar: () => Run, lackingIn: Lacking) {
    const { blocks } = soFar().header
    this.trials = trials
    this.soFar = soFar
    this.lackingIn = lackingIn
    this.certain = trials.filter(({ block }) => block <= blocks).length
  }

  asksFor({ block, scenario, variant }: PlannedTrial): boolean {
    const run = this.soFar()
    if (block <= run.header.blocks) return true
    if (this.lacking?.block !== block) this.lacking = { block, of: this.lackingIn(beforeBlock(run, block)) }
    return this.lacking.of.get(scenario)?.has(variant) ?? false
  }

  heard(): Record<string, never> {
    return {}
  }

  atEnd(): Record<string, never> {
    return {}
  }
}

/** What a block is asked for must be the same when a run is resumed in the middle of it. */
const beforeBlock = ({ header, records }: Run, block: number): Run => ({
  header,
  records: records.filter(({ key }) => key.block < block),
})
