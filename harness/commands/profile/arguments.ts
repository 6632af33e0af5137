import { withCheckouts } from '../../campaign/checkouts.ts'
import { withAskedRate } from '../../config/rate-steps.ts'
import { assertScenario, assertTrial, isLaunched, type LoadedConfig, writtenScenarios } from '../../config.ts'
import { engines } from '../../engine/table.ts'
import { UserError, unknownName } from '../../errors.ts'
import { tools } from '../../profile/table.ts'
import type { ProfileTool } from '../../record/schema.ts'
import { type ParsedArguments, seedOf } from '../arguments.ts'

/** What `weir profile` accepts. */
export const profileOptions = {
  with: 'value',
  against: 'value',
  out: 'value',
  quick: 'flag',
  seed: 'value',
  'on-regression': 'optional',
  config: 'value',
} as const

/** What is to be looked into. */
export interface ProfileAsk {
  /** As they are written: `optimized`, or `optimized@../base` in another checkout. */
  variant: string
  /** null: one variant by itself. */
  against: string | null
  scenario: string
  tool: ProfileTool
  quick: boolean
  seed: number
  /** Where files go; null: into the run's folder. */
  out: string | null
}

/** @throws UserError for names that do not exist, and for two variants with a tool that does not compare */
export function readAsk(config: LoadedConfig, parsed: ParsedArguments): ProfileAsk {
  const [variant, scenario, ...rest] = parsed.positionals
  if (variant === undefined || scenario === undefined || rest.length > 0)
    throw new UserError(
      `weir profile takes a variant and a scenario, found ${parsed.positionals.length}. Variants: ${Object.keys(config.variants).join(', ')}. Scenarios: ${writtenScenarios(config).join(', ')}`,
    )
  const against = parsed.value('against') ?? null
  const tool = toolOf(parsed.value('with'))
  if (against !== null && tool !== 'cpu')
    throw new UserError(`option --against: expected --with cpu, found ${tool}: what clinic draws is of one program`)
  if (against === variant)
    throw new UserError(`option --against: "${against}" would be held against itself: expected another variant`)
  return { variant, scenario, against, tool, ...readSetting(parsed) }
}

/** What holds for any profile that is asked for. */
export const readSetting = (parsed: ParsedArguments): Pick<ProfileAsk, 'quick' | 'seed' | 'out'> => ({
  quick: parsed.flag('quick'),
  seed: seedOf(parsed),
  out: parsed.value('out') ?? null,
})

function toolOf(name = 'cpu'): ProfileTool {
  if (Object.hasOwn(tools, name)) return name as ProfileTool
  throw unknownName('tool', name, Object.keys(tools))
}

/**
 * The config with each variant under the name as it was written, and with the scenario, be it a step at a rate.
 *
 * @param from what a relative checkout is relative to
 * @throws UserError where one does not exist, or cannot be looked into
 */
export function withProfiled(config: LoadedConfig, ask: ProfileAsk, from: string): LoadedConfig {
  const { scenario } = ask
  const written = variantsOf(ask)
  const whole = withCheckouts(withAskedRate(config, scenario), written, from)
  assertScenario('scenario', scenario, whole)
  const { engine } = whole.scenarios[scenario]!
  if (
    engine !== undefined &&
    Object.hasOwn(engines, engine) &&
    engines[engine as keyof typeof engines].needsTarget === false
  )
    throw new UserError(
      `scenario "${scenario}" is of engine "${engine}", which starts no server: expected one that loads a variant`,
    )
  for (const name of written) {
    if (!isLaunched(whole.variants[name]!))
      throw new UserError(
        `variant "${name}" is reached by its URL and cannot be profiled: expected one with a command, which weir starts`,
      )
    assertTrial(whole, scenario, name, config.file)
  }
  return whole
}

/** The first is the baseline. */
export const variantsOf = ({ variant, against }: Pick<ProfileAsk, 'variant' | 'against'>): string[] =>
  against === null ? [variant] : [against, variant]
