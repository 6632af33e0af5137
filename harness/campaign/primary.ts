import type { LoadedConfig, ScenarioConfig } from '../config.ts'
import type { ScenarioFacts } from '../engine/port.ts'
import { UserError } from '../errors.ts'
import { parseSelector, printSelector, type Selector } from '../metrics/selector.ts'

/**
 * The one metric of a scenario that gets a verdict: that of the config, else the script's own.
 * @throws UserError where neither names one, or it is throughput and of no phase that the script has
 */
export function primaryOf(
  { file }: Pick<LoadedConfig, 'file'>,
  name: string,
  { script, primary }: Pick<ScenarioConfig, 'script' | 'primary'>,
  { notes, phases }: Pick<ScenarioFacts, 'notes' | 'phases'>,
): string {
  const chosen = primary ?? notes.primary
  if (chosen === null) {
    throw new UserError(
      `scenario "${name}" names no primary metric. Write options.ext.weir.primary in ${script}, or scenarios.${name}.primary in ${file}, such as "http_req_duration p(50)"`,
    )
  }
  const selector = parseSelector(chosen)
  if (!isThroughput(selector)) return chosen
  // It is measured phase by phase, and never over the whole load.
  const phase =
    phaseIn(selector) ??
    (notes.primary && phaseIn(parseSelector(notes.primary))) ??
    (phases.length === 1 ? phases[0]!.name : null)
  if (phases.some((each) => each.name === phase)) return printSelector({ ...selector, tags: { phase: phase! } })
  throw new UserError(
    `scenario "${name}" goes by throughput, which is that of one phase: expected one of ${phases.map((each) => each.name).join(', ')}, found ${phase ?? 'none'}. Name it in the primary metric of the scenario or of ${script}, such as "${printSelector({ ...selector, tags: { phase: phases[0]?.name ?? 'main' } })}"`,
  )
}

/** A script may have a metric of that name, whose statistics are others. */
const isThroughput = ({ metric, stat }: Selector): boolean => metric === 'throughput' && stat === 'value'

/** The phase that a selector of throughput names; a k6 scenario and the phase that it fills have one name. */
const phaseIn = (selector: Selector): string | null =>
  isThroughput(selector) ? (selector.tags.phase ?? selector.tags.scenario ?? null) : null
