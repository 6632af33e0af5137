import { access, constants, readFile, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import type { LoadResult, ScenarioFacts } from '../../engine/port.ts'
import { type SummaryData, type SummarySettings, summaryData } from '../../engine/sessions/summary/data.ts'
import { summaryExport } from '../../engine/sessions/summary/export.ts'
import { machineReadableSummary } from '../../engine/sessions/summary/machine-readable.ts'
import { colours, noColours } from '../../engine/sessions/summary/paint.ts'
import { summaryText } from '../../engine/sessions/summary/text.ts'
import { messageOf, UserError, unknownName } from '../../errors.ts'
import { wantsPlainLines } from '../live/output.ts'
import type { LoadArguments } from './arguments.ts'

const modes = ['compact', 'full', 'disabled'] as const

export interface SummaryPlan {
  mode: (typeof modes)[number]
  exportTo: string | undefined
  isMachineReadable: boolean
  noColor: boolean
  /** What the user is to be told of it before the load. */
  warnings: string[]
}

/** Flags first, then k6's environment variables. @throws UserError for a mode that does not exist */
export function readSummaryPlan(parsed: LoadArguments, env: NodeJS.ProcessEnv): SummaryPlan {
  const isSet = (name: string): boolean => env[name] !== undefined && env[name] !== '' && env[name] !== 'false'
  const mode = parsed.value('summary-mode') ?? (env.K6_SUMMARY_MODE || 'compact')
  const isLegacy = mode === 'legacy'
  const known = isLegacy ? 'compact' : mode
  if (!isMode(known)) throw unknownName('option --summary-mode:', mode, modes)
  return {
    mode: parsed.flag('no-summary') || isSet('K6_NO_SUMMARY') ? 'disabled' : known,
    warnings: isLegacy ? ['option --summary-mode: there is no "legacy" summary here, this one is compact'] : [],
    exportTo: parsed.value('summary-export') ?? (env.K6_SUMMARY_EXPORT || undefined),
    isMachineReadable: parsed.flag('new-machine-readable-summary') || isSet('K6_NEW_MACHINE_READABLE_SUMMARY'),
    noColor: parsed.flag('no-color') || isSet('K6_NO_COLOR') || wantsPlainLines(env),
  }
}

const isMode = (text: string): text is SummaryPlan['mode'] => (modes as readonly string[]).includes(text)

/** Before the load, which may be long. @throws UserError where the export could not be written */
export async function assertExportable({ exportTo }: SummaryPlan): Promise<void> {
  if (exportTo === undefined) return
  try {
    await access(dirname(resolve(exportTo)), constants.W_OK)
  } catch {
    throw new UserError(
      `option --summary-export: "${exportTo}" cannot be written: its folder does not exist or is not writable`,
    )
  }
}

/** Makes and writes the summary of one load. */
export class SummaryWriter {
  private readonly plan: SummaryPlan
  private settings: SummarySettings

  constructor(plan: SummaryPlan) {
    this.plan = plan
    this.settings = {
      trendStats: [],
      timeUnit: '',
      noColor: plan.noColor,
      isStdOutTTY: process.stdout.isTTY === true,
      isStdErrTTY: process.stderr.isTTY === true,
    }
  }

  /** What the script wants to be shown; known before there is anything to show. */
  follow({ summaryTrendStats, summaryTimeUnit = '' }: ScenarioFacts): void {
    this.settings = { ...this.settings, trendStats: summaryTrendStats, timeUnit: summaryTimeUnit }
  }

  /** What the script's handleSummary() is called with; undefined where no summary is wanted. */
  dataFor(result: LoadResult): SummaryData | undefined {
    return this.plan.mode === 'disabled' ? undefined : summaryData(result, this.settings)
  }

  /** @param script path of the script. @throws UserError where the export cannot be written */
  async write(result: LoadResult, script: string): Promise<void> {
    if (this.plan.mode === 'disabled') return
    const wanted = result.summaries ?? { stdout: `\n${this.text(result, this.plan.mode)}\n\n` }
    await writeSummaries(wanted)
    await this.export(result, script)
  }

  private text(result: LoadResult, mode: 'compact' | 'full'): string {
    const { noColor, isStdOutTTY } = this.settings
    return this.inPaint(result, mode, isStdOutTTY && !noColor ? colours : noColours)
  }

  /** The same for where no colours are, whatever the script itself makes of it. */
  plainText(result: LoadResult): string {
    return this.inPaint(result, 'compact', noColours)
  }

  private inPaint(result: LoadResult, mode: 'compact' | 'full', paint: typeof colours): string {
    const { trendStats: stats, timeUnit } = this.settings
    return summaryText(result, { mode, stats, timeUnit, paint })
  }

  private async export(result: LoadResult, script: string): Promise<void> {
    const { exportTo, isMachineReadable } = this.plan
    if (exportTo === undefined) return
    const summary = isMachineReadable
      ? machineReadableSummary(result, this.settings, {
          script: await readFile(script, 'utf8'),
          version: 'weir/0.1.0',
          generatedAt: new Date(),
        })
      : summaryExport(summaryData(result, this.settings))
    try {
      await writeFile(exportTo, JSON.stringify(summary, null, 4))
    } catch (error) {
      throw new UserError(`option --summary-export: "${exportTo}" could not be written: ${messageOf(error)}`)
    }
  }
}

/** What cannot be written is said, and the load is none the worse for it, as in k6. */
async function writeSummaries(summaries: Record<string, string | Uint8Array>): Promise<void> {
  const failures: string[] = []
  for (const [path, content] of Object.entries(summaries)) {
    if (path === 'stdout') process.stdout.write(content)
    else if (path === 'stderr') process.stderr.write(content)
    else await writeFile(path, content).catch((error) => failures.push(`could not open '${path}': ${messageOf(error)}`))
  }
  if (failures.length > 0)
    console.error(
      `error: Could not save some summary information:\n${failures.map((line) => `\t- ${line}`).join('\n')}`,
    )
}
