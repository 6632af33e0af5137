/**
 * What is done to the study's server, each as one variant: identical twins first, then what a comparison is to find.
 *
 * A request of the study costs as much as `requestRounds` rounds of work: `workRounds` that it does, and what HTTP costs
 * beside them. 1% more work is therefore two rounds more, whatever the machine.
 */

/** The server's own work a request, in rounds (see `target/work.ts`). */
export const workRounds = 188
/** What Node spends on the request beside it, in rounds: CPU a request less that of the work, over that of a round. */
export const httpRounds = 12
export const requestRounds = workRounds + httpRounds

export type ConditionName =
  | 'control'
  | 'control-again'
  | 'work-1'
  | 'work-2'
  | 'work-5'
  | 'work-10'
  | 'stalls'
  | 'leak'
  | 'garbage'

export interface Condition {
  name: ConditionName
  /** For people, as a heading of a row. */
  title: string
  description: string
  /** Of the server. */
  env: Record<string, string>
}

const moreWork = (percent: 1 | 2 | 5 | 10): Condition => {
  const extra = (requestRounds * percent) / 100
  return {
    name: `work-${percent}`,
    title: `${percent}% more work`,
    description: `${extra} rounds of work more a request: ${percent}% of what a request costs`,
    env: { WORK_ROUNDS: String(workRounds + extra) },
  }
}

/** The baseline of every comparison. */
export const control: Condition = {
  name: 'control',
  title: 'control',
  description: `${workRounds} rounds of JSON and hashing a request`,
  env: { WORK_ROUNDS: String(workRounds) },
}

const changed = (name: ConditionName, title: string, description: string, env: Record<string, string>): Condition => ({
  name,
  title,
  description,
  env: { ...control.env, ...env },
})

/** Compared with the control, each of them. */
export const conditions: readonly Condition[] = [
  changed('control-again', 'nothing (A/A)', 'the same server a second time', {}),
  moreWork(1),
  moreWork(2),
  moreWork(5),
  moreWork(10),
  changed(
    'stalls',
    'rare stalls',
    'one answer in 70 is held back for 13 ms, which costs no CPU: only p99 and beyond move',
    {
      HOLD_EVERY: '70',
      HOLD_MS: '13',
    },
  ),
  changed('leak', 'leak', '400 bytes of heap are kept a request', { KEPT_BYTES: '400' }),
  changed('garbage', 'more allocation', '20,000 bytes more of short-lived objects a request', {
    GARBAGE_BYTES: '20000',
  }),
]

/**
 * Who takes turns together, each group with a control of its own: the more servers there are, the further apart lie the two
 * turns of a pair, and the more a core's speed has changed between them.
 */
export const groups: readonly (readonly ConditionName[])[] = [
  ['control-again', 'work-1'],
  ['work-2', 'work-5'],
  ['work-10', 'stalls'],
  ['leak', 'garbage'],
]

/** Pairs of each condition that are wanted. */
export const wantedPairs = 100

/** Of those with stalls seven in ten can be used: who waits for an answer that is held leaves the core idle. */
export const wantedBlocks = 145

/** The name of a group's scenario. @param group 1-based */
export const scenarioOf = (group: number): string => `requests-${group}`
