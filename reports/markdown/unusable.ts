import { exclusionNotes } from '../../harness/compare/exclusions.ts'
import { code, inert } from '../../harness/compare/markdown.ts'
import { counted } from '../format.ts'
import { isConcerned } from '../sections/unusable.ts'
import { blocks, list } from './inline.ts'
import type { MarkdownSection } from './section.ts'

/** How many trials could not be used, and why: a line for each reason. */
export const unusable: MarkdownSection = {
  title: 'Trials that could not be used',
  render: ({ header, records }) => {
    const concerned = records.filter(isConcerned).length
    if (concerned === 0) return ''
    const notes = header.scenarios.flatMap(({ name }) =>
      exclusionNotes({ header, records: [...records] }, name).map((note) => `${code(name)}: ${inert(note)}`),
    )
    return blocks([`${concerned} of ${counted(records.length, 'trial')}, or parts of them:`, list(notes)])
  },
}
