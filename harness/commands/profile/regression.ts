import { join } from 'node:path'
import { plain } from '../../compare/columns.ts'
import { comparisonFile } from '../../compare/comparison-file.ts'
import type { LoadedConfig } from '../../config.ts'
import { UserError } from '../../errors.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../record/schema.ts'
import { safeName } from '../../record/store.ts'
import { errorText } from '../error-text.ts'
import type { ProfileAsk } from './arguments.ts'
import { profileVariants } from './profile-variants.ts'

/** A scenario under which a comparison found something worse, and what. */
export interface Regression {
  scenario: string
  metrics: string[]
}

/** What a comparison, or that of a gate, found to be worse. @throws UserError where the run is neither */
export function regressionsOf(run: Run): Regression[] {
  const worse = comparisonFile(run).comparisons.filter(({ verdict }) => verdict === 'regressed')
  return [...Map.groupBy(worse, ({ scenario }) => scenario)].map(([scenario, found]) => ({
    scenario,
    metrics: found.map(({ metric }) => metric),
  }))
}

/**
 * Runs both sides of a comparison again under the CPU profile, under each scenario in which something regressed and with the
 * load of its pairs, and shows which functions' share grew most.
 *
 * @returns the worst exit code of the profiles; 0 where nothing regressed
 */
export async function profileRegressions(
  config: LoadedConfig,
  run: Run,
  setting: Pick<ProfileAsk, 'quick' | 'seed' | 'out'>,
  signal: AbortSignal,
): Promise<ExitCode> {
  const { comparison, gate, id } = run.header
  const found = regressionsOf(run)
  if (found.length === 0) console.log(`nothing regressed in run ${id}: there is nothing to profile`)
  const codes: ExitCode[] = []
  for (const { scenario, metrics } of found) {
    console.log(plain(`\nregressed under ${scenario}: ${metrics.join(', ')}. Both sides are profiled:`))
    const { variant, against } = comparison!
    const out = setting.out === null ? null : join(setting.out, safeName(scenario))
    const ask: ProfileAsk = { variant, against, scenario, tool: 'cpu', ...setting, out }
    // A gate's checkouts are relative to its config, those of a command line to where it was typed.
    const from = gate ? config.dir : process.cwd()
    codes.push(await profileVariants(setting.quick ? config : withPairLoad(config, scenario), ask, from, signal))
    if (signal.aborted) break
  }
  return codes.find((code) => code !== exitCodes.ok) ?? exitCodes.ok
}

/** The same, where a comparison has just ended: whatever becomes of it, the comparison has its own exit code. */
export async function profileAfter(config: LoadedConfig, run: Run, signal: AbortSignal): Promise<void> {
  if (run.header.status === 'interrupted') return
  try {
    await profileRegressions(config, run, { quick: false, seed: run.header.seed, out: null }, signal)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    console.error(errorText(`no profile: ${error.message}`))
  }
}

/** The scenario as pairs of it are loaded, in two whole trials. */
function withPairLoad(config: LoadedConfig, name: string): LoadedConfig {
  const scenario = config.scenarios[name]
  if (!scenario?.pairs) return config
  const { env, options } = scenario.pairs
  const loaded = { ...scenario, env: { ...scenario.env, ...env }, options: { ...scenario.options, ...options } }
  return { ...config, scenarios: { ...config.scenarios, [name]: loaded } }
}
