import { code, inert, markdownTable } from '../../harness/compare/markdown.ts'
import { leftOutInWords } from '../../harness/compare/saturation/left-out.ts'
import {
  crossCheckInWords,
  kneeInWords,
  rateInWords,
  remarksOn,
  throughputInWords,
  whyNoHigherRate,
} from '../../harness/compare/saturation/words.ts'
import { formatRatio, formatRatioInterval, noNumber } from '../format.ts'
import { blocks, list } from './inline.ts'
import type { MarkdownSection } from './section.ts'

/** How much each variant can take. */
export const saturation: MarkdownSection = {
  title: 'How much each can take',
  render: ({ saturation, header }) => {
    if (!saturation) return ''
    const rows = saturation.variants.map((each) => [
      code(each.variant),
      each.maximum ? throughputInWords(each.maximum) : noNumber,
      kneeInWords(each.knee),
      each.againstBaseline
        ? `${formatRatio(each.againstBaseline.estimate)} ${formatRatioInterval(each.againstBaseline.lower, each.againstBaseline.upper)}`.trim()
        : each.variant === header.baseline
          ? ''
          : noNumber,
      rateInWords(each),
    ])
    const titles = ['variant', 'maximum', 'knee, connections', `against ${inert(header.baseline)}`, 'arrival rate']
    return blocks([
      markdownTable(titles, '-rrrl', rows),
      list(
        saturation.variants.flatMap((each) =>
          [...remarksOn(each), whyNoHigherRate(each) ?? []]
            .flat()
            .map((words) => `${code(each.variant)}: ${inert(words)}`),
        ),
      ),
      ...(saturation.crossCheck ? [inert(crossCheckInWords(saturation.crossCheck))] : []),
      ...leftOutInWords(header).map(inert),
    ])
  },
}
