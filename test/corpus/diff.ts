/** `node test/corpus/diff.ts [NAME...]`: how the scripts whose names begin so differ on weir from what k6 did. For whoever mends it. */
import { describeDifferences, differences } from './compare.ts'
import { readExpectation } from './expectations.ts'
import { inParallel } from './parallel.ts'
import { observe, weirRunner } from './run.ts'
import { corpusScripts } from './scripts.ts'

const prefixes = process.argv.slice(2)
const wanted = corpusScripts().filter(
  ({ name }) => prefixes.length === 0 || prefixes.some((one) => name.startsWith(one)),
)
await inParallel(4, wanted, async (script) => {
  const expectation = await readExpectation(script.name)
  if (expectation === null) return
  const found = differences(expectation.seen, await observe(script, weirRunner))
  console.log(
    `${found.length === 0 ? 'same     ' : 'DIFFERENT'} ${script.name}${found.length ? `\n  ${describeDifferences(found).replaceAll('\n', '\n  ')}` : ''}`,
  )
})
