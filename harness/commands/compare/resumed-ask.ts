import { join } from 'node:path'
import { findResumable } from '../../campaign/resume.ts'
import { mostPairsEver } from '../../compare/looks.ts'
import type { LoadedConfig } from '../../config.ts'
import { UserError } from '../../errors.ts'
import type { ComparisonAsk } from './ask.ts'

/**
 * What a comparison that was cut off had been asked for: it keeps that, and its seed.
 *
 * @param id of the run; empty: the newest of these two variants
 * @param gate its name; null: of a comparison without limits
 * @throws UserError where no such run can be gone on with
 */
export async function askOfRun(
  config: LoadedConfig,
  sides: Pick<ComparisonAsk, 'against' | 'variant' | 'from'>,
  id: string,
  gate: string | null,
): Promise<ComparisonAsk> {
  const name = `${sides.variant} against ${sides.against}`
  const isWanted = (header: ComparedHeader): boolean => (header.gate?.name ?? null) === gate
  const resume = await findResumable(join(config.dir, '.weir', 'runs'), name, id || null, isWanted)
  const { header } = resume
  if (!header.comparison) throw new UserError(`run "${header.id}" is of a campaign: weir run --resume goes on with it`)
  if (!isWanted(header)) throw new UserError(`run "${header.id}" is ${commandOf(header)} goes on with it`)
  const { comparison, seed, asked } = header
  const scenarios = header.scenarios.map((scenario) => scenario.name)
  return {
    ...sides,
    scenarios,
    metrics: new Map(scenarios.map((each) => [each, comparison.metrics.filter(({ scenario }) => scenario === each)])),
    budgetMs: comparison.budgetMs,
    mostPairs: asked?.blocks ?? mostPairsEver,
    seed,
    ...(header.gate ? { gate: header.gate } : {}),
    resume,
  }
}

type ComparedHeader = NonNullable<ComparisonAsk['resume']>['header']

const commandOf = ({ gate }: ComparedHeader): string =>
  gate ? `of gate "${gate.name}": weir gate ${gate.name} --resume` : 'of a comparison: weir compare --resume'
