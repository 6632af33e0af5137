import { existsSync } from 'node:fs'
import { access, constants, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { LoadJob, LoadResult } from '../engine/port.ts'
import { prepareOutputs } from '../engine/sessions/outputs/table.ts'
import { summaryExport, summaryText } from '../engine/sessions/summary.ts'
import { engines } from '../engine/table.ts'
import { messageOf, UserError } from '../errors.ts'
import { assertEnoughDescriptors } from '../limits.ts'
import { generatorWarnings } from '../observe/validity.ts'
import { type ParsedArguments, readArguments, readPairs } from './arguments.ts'
import type { Command } from './port.ts'

const help = `  -u, --vus N              virtual users
  -d, --duration TIME      how long, such as 30s or 1m30s
  -i, --iterations N       iterations, shared by all users
  -s, --stage TIME:N       a stage of a ramp; can be given several times
  -e, --env KEY=VALUE      an environment variable of the script (__ENV.KEY); can be given several times
  -o, --out TYPE=FILE      write every sample: json=FILE or csv=FILE, as k6 does (.gz compresses); can be given several times
      --summary-export F   write the summary as JSON, in k6's format
      --no-setup, --no-teardown, --no-summary, --no-connection-reuse, --insecure-skip-tls-verify
      --user-agent TEXT, --max-redirects N, --discard-response-bodies
  -q, --quiet              no progress

Exit codes are k6's: 0, 99 a threshold was crossed, 104 invalid configuration, 105 interrupted, 107 the script threw, 108 it aborted.`

export const load: Command = {
  synopsis: '<script> [options]',
  purpose: 'Runs a k6 script against any server and prints what came of it.',
  help,
  async run(args, signal) {
    const parsed = readArguments(args, {
      'vus|u': 'value',
      'duration|d': 'value',
      'iterations|i': 'value',
      'stage|s': 'repeated',
      'env|e': 'repeated',
      'out|o': 'repeated',
      'summary-export': 'value',
      'no-setup': 'flag',
      'no-teardown': 'flag',
      'no-summary': 'flag',
      'no-connection-reuse': 'flag',
      'insecure-skip-tls-verify': 'flag',
      'discard-response-bodies': 'flag',
      'user-agent': 'value',
      'max-redirects': 'value',
      'quiet|q': 'flag',
    })
    const job = readJob(parsed)
    await assertExportable(parsed.value('summary-export'))
    prepareOutputs(job.outputs ?? [], process.env)
    const facts = await engines.sessions.inspect(job, signal)
    assertEnoughDescriptors(facts.maxVUs, `the script's ${facts.maxVUs} virtual users`)
    if (!parsed.flag('quiet')) console.log(facts.descriptions.map((line) => `  ${line}`).join('\n'))
    return await runAndReport(job, parsed, facts.summaryTrendStats, signal)
  },
}

function readJob(parsed: ParsedArguments): LoadJob {
  const [script, ...rest] = parsed.positionals
  if (script === undefined) throw new UserError('weir load needs a script: weir load <script> [options]')
  if (rest.length > 0) throw new UserError(`weir load takes one script, found also: ${rest.join(' ')}`)
  const path = resolve(script)
  if (!existsSync(path)) throw new UserError(`the script "${script}" does not exist (looked for ${path})`)
  const env = { ...(process.env as Record<string, string>), ...readPairs(parsed.repeated('env'), '--env') }
  return { script: path, env, options: readOptions(parsed), outputs: readOutputs(parsed), cpus: null }
}

/** K6_OUT stands for the flag where there is none. */
function readOutputs(parsed: ParsedArguments): string[] {
  const given = parsed.repeated('out')
  return given.length > 0 ? given : (process.env.K6_OUT ?? '').split(',').filter(Boolean)
}

function readOptions(parsed: ParsedArguments): Record<string, unknown> {
  const stages = parsed.repeated('stage').map((text) => {
    const [, duration, target] = /^([^:]+):(\d+)$/.exec(text) ?? []
    if (target === undefined)
      throw new UserError(`option --stage: expected TIME:USERS such as 30s:100, found "${text}"`)
    return { duration, target: Number(target) }
  })
  const given = {
    vus: parsed.count('vus', 0),
    duration: parsed.value('duration'),
    iterations: parsed.count('iterations', 1),
    stages: stages.length > 0 ? stages : undefined,
    noSetup: parsed.flag('no-setup') || undefined,
    noTeardown: parsed.flag('no-teardown') || undefined,
    noConnectionReuse: parsed.flag('no-connection-reuse') || undefined,
    insecureSkipTLSVerify: parsed.flag('insecure-skip-tls-verify') || undefined,
    discardResponseBodies: parsed.flag('discard-response-bodies') || undefined,
    userAgent: parsed.value('user-agent'),
    maxRedirects: parsed.count('max-redirects', 0),
  }
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
}

async function runAndReport(
  job: LoadJob,
  parsed: ParsedArguments,
  trendStats: string[],
  signal: AbortSignal,
): Promise<number> {
  const isQuiet = parsed.flag('quiet')
  const result = await engines.sessions.run(
    job,
    {
      progress: ({ elapsedS, durationS, vus, iterations, iterationsPerS }) => {
        if (!isQuiet)
          console.log(
            `  ${Math.round(elapsedS)}s of ${Math.round(durationS)}s  ${vus} users  ${iterations} iterations (${iterationsPerS.toFixed(1)}/s)`,
          )
      },
      print: (text) => process.stdout.write(text),
      log: (level, message) => console.error(`${level}: ${message}`),
    },
    signal,
  )
  result.warnings.push(...generatorWarnings(result))
  if (!parsed.flag('no-summary')) console.log(`\n${summaryText(result, trendStats)}\n`)
  await exportSummary(parsed.value('summary-export'), summaryExport(result, trendStats))
  const reason = result.endedBecause ?? crossedThresholds(result)
  if (reason) console.error(`weir: ${reason}`)
  return result.exitCode
}

function crossedThresholds({ thresholds }: LoadResult): string | null {
  const crossed = thresholds.filter(({ passed }) => !passed).map(({ metric, expression }) => `${metric}: ${expression}`)
  return crossed.length === 0 ? null : `thresholds were crossed: ${crossed.join(', ')}`
}

/** Before the load, which may be long. */
async function assertExportable(file: string | undefined): Promise<void> {
  if (file === undefined) return
  try {
    await access(dirname(resolve(file)), constants.W_OK)
  } catch {
    throw new UserError(
      `option --summary-export: "${file}" cannot be written: its folder does not exist or is not writable`,
    )
  }
}

async function exportSummary(file: string | undefined, summary: unknown): Promise<void> {
  if (file === undefined) return
  try {
    await writeFile(file, `${JSON.stringify(summary, null, 2)}\n`)
  } catch (error) {
    throw new UserError(`option --summary-export: "${file}" could not be written: ${messageOf(error)}`)
  }
}
