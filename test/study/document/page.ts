import { wantedBlocks } from '../conditions.ts'
import { falseChangesSection } from './false-changes.ts'
import { type LiveComparison, liveSection } from './live.ts'
import { powerSection } from './power.ts'
import { recordedSection } from './recorded.ts'
import type { Results } from './results.ts'
import { targetsSection } from './targets.ts'

/** docs/study/README.md: all of it follows from the recorded values and from what live comparisons found. */
export const page = (results: Results, live: readonly LiveComparison[]): string =>
  `${[
    introduction,
    targetsSection(results, live),
    recordedSection(results),
    methodSection(results),
    falseChangesSection(results),
    powerSection(results),
    liveSection(live),
  ].join('\n\n')}\n`

const introduction = `# What a comparison finds, and what it finds where nothing is

A server whose requests cost a known amount of work is measured beside itself and beside versions with known changes. From
the recorded pairs comparisons are drawn, and each rule is asked what changed. This page and its plots are made from
\`data/pool.json\` alone:

\`\`\`sh
npm run study -- analyse              # writes this page and the plots again, byte for byte
npm run study -- record --minutes 60  # records blocks that are still missing, of ${wantedBlocks} in all
npm run study -- simulate             # writes simulation.md: the same statistics on made-up noise
\`\`\``

const methodSection = ({ rules }: Results): string =>
  [
    '## How it is judged',
    '',
    'A comparison is drawn from the pairs of the pool, one by one, with replacement; of a condition some of whose pairs cannot be used as many as its minutes hold. Of identical servers each pair is turned round by the toss of a coin, since which of them was called A means nothing. All rules see the same comparisons. Each number is judged by itself, with the whole error; a gate of two metrics has half of it for each.',
    '',
    ...rules.all.map(({ title, description }) => `- **${title}**: ${description}.`),
    '',
    'The sides of a pair had the load by turns, so that whatever the machine did moved both alike. A rule that does not pair them takes what they have in common for noise, and hardly ever says anything, false or true. Whoever measures with such a rule has his sides one after the other: so those are asked a second time, "apart", where A is the control of the block before, on the same machine and a minute or two earlier.',
    '',
    'tachometer stops after 3 minutes, in which it takes many samples of a second or so; a sample is a trial with five seconds of load here, so it is given as many as the comparison of this project may use. The action that compares with the last value takes that from an earlier job on a machine of its own choice; here it is the control of the block before, which is kind to it.',
  ].join('\n')
