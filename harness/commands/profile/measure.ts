import { join, resolve } from 'node:path'
import type { CampaignRequest } from '../../campaign/request.ts'
import { runCampaign } from '../../campaign.ts'
import type { LoadedConfig } from '../../config.ts'
import { engines } from '../../engine/table.ts'
import { CpuProfiler } from '../../profile/cpu/profiler.ts'
import type { ProfilerFactory } from '../../profile/port.ts'
import type { Run } from '../../record/schema.ts'
import { ProgressPrinter } from '../progress.ts'
import { type ProfileAsk, variantsOf } from './arguments.ts'

/**
 * One trial of each variant, with the profiler on.
 *
 * @param config with the variants as they are written
 */
export async function measureProfiled(
  config: LoadedConfig,
  ask: ProfileAsk,
  signal: AbortSignal,
): Promise<{ run: Run; dir: string }> {
  const printer = new ProgressPrinter(process.stdout)
  try {
    return await runCampaign(
      config,
      requestOf(ask),
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

function requestOf(ask: ProfileAsk): CampaignRequest {
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
    profile: { tool, profiler: profilerOf(ask) },
  }
}

const profilerOf =
  ({ out }: ProfileAsk): ProfilerFactory =>
  (trial) =>
    new CpuProfiler(trial, profilesDir(trial.runDir, out))

/** Where profiles of a run go. */
export const profilesDir = (runDir: string, out: string | null): string =>
  out === null ? join(runDir, 'profiles') : resolve(out)
