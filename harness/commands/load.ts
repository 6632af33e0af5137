import { basename } from 'node:path'
import type { LoadEvents, LoadJob, LoadResult } from '../engine/port.ts'
import { prepareOutputs } from '../engine/sessions/outputs/table.ts'
import { engines } from '../engine/table.ts'
import { exitCodes } from '../exit-codes.ts'
import { assertEnoughDescriptors } from '../limits.ts'
import { generatorWarnings } from '../observe/validity.ts'
import { readEnvironment } from './arguments.ts'
import { type LivePages, withLivePages } from './live/option.ts'
import { type LoadArguments, readLoadArguments } from './load/arguments.ts'
import { loadHelp } from './load/flags.ts'
import { type LoadLog, openLog } from './load/log.ts'
import { idleFlags, optionsFromOutside, readConfigFile } from './load/options.ts'
import { LoadPrinter, nowhere } from './load/progress.ts'
import { openScript } from './load/script.ts'
import { assertExportable, readSummaryPlan, SummaryWriter } from './load/summary.ts'
import type { Command } from './port.ts'

export const load: Command = {
  synopsis: '<script> [options]',
  purpose: 'Runs a k6 script against any server and prints what came of it.',
  help: loadHelp(),
  async run(args, signal) {
    const parsed = readLoadArguments(args)
    const script = openScript(parsed)
    try {
      return await runScript(script.path, parsed, signal)
    } finally {
      script.release()
    }
  },
}

async function runScript(script: string, parsed: LoadArguments, signal: AbortSignal): Promise<number> {
  const job = readJob(script, parsed)
  const plan = readSummaryPlan(parsed, process.env)
  await assertExportable(plan)
  const log = readLog(parsed)
  for (const warning of [...plan.warnings, ...idleFlags(parsed)]) log('warn', warning)
  const name = basename(script)
  return await withLivePages(parsed.value('live'), `weir load ${name}`, async (pages) => {
    const env = plan.noColor ? { ...process.env, NO_COLOR: '1' } : process.env
    const printer = new LoadPrinter(parsed.flag('quiet') ? nowhere : process.stdout, name, { env, pages })
    return await runAndReport(job, { printer, pages, summary: new SummaryWriter(plan), log }, signal)
  })
}

function readJob(script: string, parsed: LoadArguments): LoadJob {
  const given = readEnvironment(parsed.repeated('env'))
  const withSystem = parsed.switched('include-system-env-vars') ?? process.env.K6_INCLUDE_SYSTEM_ENV_VARS !== 'false'
  const config = parsed.value('config') ?? process.env.K6_CONFIG
  const generators = parsed.count('generators', 1)
  return {
    script,
    env: { ...(withSystem ? (process.env as Record<string, string>) : {}), ...given },
    options: optionsFromOutside(parsed, process.env),
    outputs: readOutputs(parsed),
    cpus: null,
    ...(config ? { fallbackOptions: readConfigFile(config) } : {}),
    ...(generators === undefined ? {} : { generators }),
  }
}

function readLog(parsed: LoadArguments): LoadLog {
  const output = parsed.value('log-output') ?? process.env.K6_LOG_OUTPUT ?? 'stderr'
  const format = parsed.value('log-format') ?? process.env.K6_LOG_FORMAT ?? ''
  const rules = { output, format, isVerbose: parsed.flag('verbose') }
  const consoleFile = parsed.value('console-output') ?? process.env.K6_CONSOLE_OUTPUT
  const log = openLog(rules)
  const ofScript = consoleFile ? openLog({ ...rules, output: `file=${consoleFile}` }) : log
  return (level, message, source) => (source === 'console' ? ofScript : log)(level, message)
}

/** K6_OUT stands for the flag where there is none. */
function readOutputs(parsed: LoadArguments): string[] {
  const given = parsed.repeated('out')
  return given.length > 0 ? given : (process.env.K6_OUT ?? '').split(',').filter(Boolean)
}

/** Who hears of a load. */
interface Audience {
  printer: LoadPrinter
  pages: LivePages
  summary: SummaryWriter
  log: LoadLog
}

async function runAndReport(job: LoadJob, audience: Audience, signal: AbortSignal): Promise<number> {
  const { printer, pages, summary } = audience
  const said = new Set<string>()
  const events = eventsFor(job, audience, (message) => said.add(message))
  const result = await engines.sessions.run(job, events, signal).finally(() => printer.end())
  result.warnings.push(...generatorWarnings(result))
  const outcome = result.exitCode === exitCodes.interrupted ? 'interrupted' : 'finished'
  pages?.ended({ outcome, report: null, verdicts: summary.plainText(result).replace(/^\n+/, '') })
  await summary.write(result, job.script)
  const reason = result.endedBecause ?? crossedThresholds(result)
  if (reason && !said.has(reason)) console.error(`weir: ${reason}`)
  return result.exitCode
}

const eventsFor = (job: LoadJob, { printer, summary, log }: Audience, said: (message: string) => void): LoadEvents => ({
  planned: (facts) => {
    assertEnoughDescriptors(facts.maxVUs, `the script's ${facts.maxVUs} virtual users`)
    printer.planned(facts)
    prepareOutputs(job.outputs ?? [], process.env)
    summary.follow(facts)
  },
  started: () => printer.started(),
  progress: (progress) => printer.progress(progress),
  summarize: (done) => summary.dataFor(done),
  print: (text) => process.stdout.write(text),
  log: (level, message, source) => {
    said(message)
    log(level, message, source)
  },
})

function crossedThresholds({ thresholds }: LoadResult): string | null {
  const crossed = thresholds.filter(({ passed }) => !passed).map(({ metric, expression }) => `${metric}: ${expression}`)
  return crossed.length === 0 ? null : `thresholds were crossed: ${crossed.join(', ')}`
}
