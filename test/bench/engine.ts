/**
 * How fast and how small the load engine is, beside other generators on the same machine in the same minutes.
 *
 *   npm run bench:engine -- --help
 *
 * Requests are counted by nginx, CPU is user and system time of the generator's processes from /proc/<pid>/stat, both
 * over the same window. nginx has one core, the generator, its parent included, another.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { UserError } from '../../harness/errors.ts'
import { assertEnoughDescriptors } from '../../harness/limits.ts'
import { parseCpuList, pinning } from '../../harness/target/pinning.ts'
import { missingGenerators } from './generators.ts'
import { memoryOfSessions, memoryOfUsers } from './memory.ts'
import { startNginx } from './nginx.ts'
import { type BenchOptions, readOptions, usage } from './options.ts'
import { compareGenerators } from './requests.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-bench-'))
try {
  if (process.argv.includes('--help')) console.log(usage)
  else await bench(readOptions(process.argv.slice(2)))
} catch (error) {
  console.error(`bench:engine: ${error instanceof UserError ? error.message : (error as Error).stack}`)
  process.exitCode = 1
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function bench(options: BenchOptions): Promise<void> {
  assertEnoughDescriptors(Math.max(...options.users, options.sessions), 'the users and sessions')
  const { target, rest, note } = pinning()
  const generatorCpu = rest === null ? null : String(parseCpuList(rest)[0])
  const { length, 0: cpu } = cpus()
  console.log(
    `${length} cores (${cpu?.model.trim()}), Node ${process.version}; nginx on core ${target}, generators on core ${generatorCpu}: ${note}`,
  )
  for (const name of missingGenerators())
    console.log(`${name} is not installed, and left out (Debian: apt-get install ${name})`)

  const nginx = await startNginx(dir, target, Math.max(...options.users))
  try {
    for (const users of options.users) {
      console.log(
        `\nhttp.get in a loop, ${users} users: median of ${options.rounds} rounds of ${options.seconds} s, lowest, highest`,
      )
      console.log(await compareGenerators(nginx, users, { ...options, cpus: generatorCpu, dir }))
    }
  } finally {
    await nginx.stop()
  }
  console.log(`\n${await memoryOfUsers(Math.max(...options.users), generatorCpu)}`)
  if (options.sessions > 0) console.log(`\n${await memoryOfSessions(options.sessions, dir)}`)
}
