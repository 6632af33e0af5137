/**
 * Builds a real k6 where Go is and keeps it in a cache, for npm run k6:expect and the live comparison.
 * Ends with 0 where there is one then, or where there is no Go to build it with; with 3 where Go cannot reach the module.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { cachedK6, findK6, hasGo, k6Module, versionOfK6 } from './find-k6.ts'

function build(): boolean {
  const folder = dirname(cachedK6)
  mkdirSync(folder, { recursive: true })
  // A cgo build would need a C compiler; the module asks for the toolchain that it needs.
  const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0', GOFLAGS: '-trimpath' }
  const { status, stderr } = spawnSync('go', ['install', k6Module], { env, encoding: 'utf8', timeout: 15 * 60_000 })
  if (status !== 0) console.error(`go install ${k6Module}: ${stderr?.trim().split('\n').at(-1) ?? 'no Go'}`)
  return status === 0 && existsSync(cachedK6)
}

/** One failed download is no reason to do without. */
const buildInTheEnd = (): boolean => [1, 2, 3].some(() => build())

const isReachable = (): boolean =>
  spawnSync('go', ['list', '-m', '-versions', 'go.k6.io/k6'], { timeout: 120_000 }).status === 0

const present = findK6()
if (present !== null) console.log(`k6 ${versionOfK6(present)} is here: ${present}`)
else if (!hasGo())
  console.log('no k6 and no Go to build it with: what k6 was seen to do is compared with (test/corpus/expected)')
else if (!isReachable()) {
  console.error('SKIPPED: Go cannot reach go.k6.io/k6, so there is no live comparison with k6')
  process.exitCode = 3
} else if (buildInTheEnd()) console.log(`k6 ${versionOfK6(cachedK6)} was built: ${cachedK6}`)
else {
  console.error(`k6 could not be built by ${execFileSync('go', ['version'], { encoding: 'utf8' }).trim()}`)
  process.exitCode = process.env.WEIR_REQUIRE_ALL === '1' ? 1 : 0
}
