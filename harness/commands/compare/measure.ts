import { type CampaignEvents, runCampaign } from '../../campaign.ts'
import type { LoadedConfig } from '../../config.ts'
import { engines } from '../../engine/table.ts'
import type { Run, RunHeader } from '../../record/schema.ts'
import type { Pages } from '../live/view.ts'
import { type ComparisonAsk, comparisonRequest } from './ask.ts'
import { ComparisonPrinter } from './progress.ts'

/**
 * Measures what was asked, and tells on standard output, and on pages where there are any, how far it is.
 *
 * @returns the run as it stands at the end, and its folder
 * @throws UserError for whatever is wrong with what was asked
 */
export async function measureComparison(
  config: LoadedConfig,
  ask: ComparisonAsk,
  { pages = null, beforeStart = async () => {} }: MeasureSetting,
  signal: AbortSignal,
): Promise<{ run: Run; dir: string }> {
  const printer = new ComparisonPrinter(process.stdout, { pages })
  const { config: whole, request } = comparisonRequest(config, ask)
  try {
    return await runCampaign(whole, request, engines, printEvents(printer, ask, beforeStart), signal)
  } finally {
    printer.end()
  }
}

interface MeasureSetting {
  pages?: Pages | null
  beforeStart?: BeforeStart
}

/** Hears what was planned, before the first pair. */
type BeforeStart = (header: RunHeader) => Promise<void>

const printEvents = (
  printer: ComparisonPrinter,
  { resume }: ComparisonAsk,
  beforeStart: BeforeStart,
): CampaignEvents => ({
  planned: async ({ header }, plan) => {
    printer.plan(header, plan, resume?.records)
    await beforeStart(header)
  },
  trialStarted: (trial) => printer.trialStarted(trial),
  stage: (text) => printer.stage(text),
  progress: (progress) => printer.progress(progress),
  trialEnded: (record) => printer.trialEnded(record),
  blockEnded: async (run) => printer.pairEnded(run),
})
