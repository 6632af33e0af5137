import type { Run, TrialRecord } from '../record/schema.ts'

/**
 * One line for each reason why numbers of a scenario were left out: `polling, blocks 1 and 3: capacity: the target's
 * core was only 71% busy`; of a comparison its pairs. Trials with the same reason share a line, which quotes the first.
 */
export function exclusionNotes(run: Run, scenario: string): string[] {
  const groups = new Map<string, { variant: string; text: string; blocks: number[] }>()
  for (const record of run.records) {
    if (record.scenario !== scenario) continue
    for (const { code, text } of reasonsOf(record)) {
      const key = JSON.stringify([record.variant, code])
      const group = groups.get(key) ?? { variant: record.variant, text, blocks: [] }
      group.blocks.push(record.key.block)
      groups.set(key, group)
    }
  }
  const noun = run.header.comparison ? 'pair' : 'block'
  return [...groups.values()].map(({ variant, text, blocks }) => `${variant}, ${blocksInWords(blocks, noun)}: ${text}`)
}

function reasonsOf(record: TrialRecord): { code: string; text: string }[] {
  const failure = record.failure
    ? [{ code: 'failed', text: `failed (${record.failure.stage}): ${record.failure.message}` }]
    : []
  const invalid = record.invalid.map(({ code, message, scenario, phase }) => {
    const part = scenario ?? phase
    return { code: `${code} ${part ?? ''}`, text: `not used: ${part === undefined ? '' : `${part}: `}${message}` }
  })
  // A failed trial is void for that reason alone; what else was wrong with it follows from it.
  return failure.length > 0 ? failure : invalid
}

function blocksInWords(blocks: number[], noun: 'block' | 'pair'): string {
  const [last, ...rest] = [...new Set(blocks)].sort((a, b) => b - a)
  return rest.length === 0 ? `${noun} ${last}` : `${noun}s ${rest.reverse().join(', ')} and ${last}`
}
