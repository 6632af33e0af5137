import type { MissingNeed, RunHeader, Step } from '../../record/schema.ts'

const partWords: Record<Step['kind'], string> = {
  connections: 'the sweep',
  rate: 'the search for the highest rate',
  check: 'the cross-check',
}

/** `the search for the highest rate, the cross-check`; null where no part of a saturation is left out as a whole. */
export const partsInWords = ({ parts = [] }: MissingNeed): string | null =>
  parts.length === 0 ? null : parts.map((part) => partWords[part]).join(', ')

/** What of a saturation was left out since something is missing, and why, a line for each need. */
export const leftOutInWords = ({ missing = [] }: RunHeader): string[] =>
  missing.flatMap((each) => {
    const parts = partsInWords(each)
    return parts === null ? [] : [`Left out, since ${each.need} is missing (${each.reason}): ${parts}`]
  })
