/**
 * `npm run k6:expect [-- NAME...]`: runs the corpus (or the scripts whose names begin so) on real k6 and stores what it
 * did, for comparisons where no k6 is. Twice each: what is not the same both times is no expectation, and is told.
 */
import { describeDifferences, differences } from './compare.ts'
import { writeExpectation } from './expectations.ts'
import { findK6, versionOfK6 } from './find-k6.ts'
import { inParallel } from './parallel.ts'
import { k6Runner, observe } from './run.ts'
import { type CorpusScript, corpusScripts } from './scripts.ts'

const binary = findK6()
if (binary === null) {
  console.error('no k6 was found: set WEIR_K6, put it in PATH, or build it with node test/corpus/build-k6.ts')
  process.exit(1)
}
const version = versionOfK6(binary)
const prefixes = process.argv.slice(2)
const wanted = corpusScripts().filter(
  ({ name, isForWeirOnly }) =>
    !isForWeirOnly && (prefixes.length === 0 || prefixes.some((prefix) => name.startsWith(prefix))),
)
console.log(`k6 ${version}, ${wanted.length} scripts`)
await inParallel(4, wanted, (script) => expect(script, binary))

async function expect(script: CorpusScript, k6: string): Promise<void> {
  const [first, second] = [await observe(script, k6Runner(k6)), await observe(script, k6Runner(k6))]
  const unsteady = differences(first, second)
  if (unsteady.length > 0) {
    console.error(`${script.name}: differs from run to run\n  ${describeDifferences(unsteady)}`)
    process.exitCode = 1
  }
  await writeExpectation(script.name, { k6: version, seen: first })
}
