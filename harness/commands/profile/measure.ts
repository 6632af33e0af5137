import type { CampaignRequest } from '../../campaign/request.ts'
import { runCampaign } from '../../campaign.ts'
import type { LoadedConfig } from '../../config.ts'
import { engines } from '../../engine/table.ts'
import type { ProfilerFactory } from '../../profile/port.ts'
import type { Run } from '../../record/schema.ts'
import { ProgressPrinter } from '../progress.ts'
import { type ProfileAsk, variantsOf } from './arguments.ts'

/**
 * One trial of each variant, with the profiler on.
 *
 * @param config with the variants as they are written @param profiler made for each trial
 */
export async function measureProfiled(
  config: LoadedConfig,
  ask: ProfileAsk,
  profiler: ProfilerFactory,
  signal: AbortSignal,
): Promise<{ run: Run; dir: string }> {
  const printer = new ProgressPrinter(process.stdout)
  try {
    return await runCampaign(
      config,
      requestOf(ask, profiler),
      engines,
      {
        planned: ({ header }, plan) => printer.plan(header, plan),
        trialStarted: (trial, number) => printer.trialStarted(trial, number),
        stage: (text) => printer.stage(text),
        progress: (progress) => printer.progress(progress),
        trialEnded: (record) => printer.trialEnded(record),
        blockEnded: async () => {},
      },
      signal,
    )
  } finally {
    printer.end()
  }
}

function requestOf(ask: ProfileAsk, profiler: ProfilerFactory): CampaignRequest {
  const { variant, against, scenario, quick, seed, tool } = ask
  const question =
    against === null
      ? `Where does ${variant} spend its time under ${scenario}?`
      : `What does ${variant} do that ${against} does not, under ${scenario}?`
  return {
    name: `profile ${variant}`,
    campaign: {
      question,
      variants: variantsOf(ask),
      scenarios: [scenario],
      baseline: against ?? variant,
      blocks: 1,
      moreBlocks: 0,
      quick: { blocks: 1 },
    },
    quick,
    seed,
    asked: { variants: [], scenarios: [scenario], blocks: null },
    profile: { tool, profiler },
  }
}
