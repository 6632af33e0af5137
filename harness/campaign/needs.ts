import { globSync } from 'node:fs'
import { cpus } from 'node:os'
import { type Cell, cellsOf } from '../config/cells.ts'
import { partOf } from '../config/saturation-steps.ts'
import { engineNeed, needsOfTrial } from '../config/services.ts'
import type { CampaignConfig, Config, NeedConfig } from '../config.ts'
import type { MissingNeed, Step } from '../record/schema.ts'
import { isInstalled } from '../target/executables.ts'
import { readCpuFacts } from '../target/pinning.ts'

/** What can be asked of a machine, and of the weir that runs on it. */
export interface Machine {
  isInstalled(program: string, folders: readonly string[]): boolean
  cores: number
  /** Names of those that this version has. */
  engines: readonly string[]
}

/** This one. Asked before anything is pinned, since a pinned process sees fewer cores. */
export const thisMachine = (engines: readonly string[]): Machine => ({
  engines,
  isInstalled: (program, folders) =>
    isInstalled(
      program,
      folders.flatMap((pattern) => globSync(pattern)),
    ),
  cores: readCpuFacts().allowed?.length ?? cpus().length,
})

/** Why a need is not met, with what to do about it; null where it is. */
export function whyMissing(need: NeedConfig, machine: Machine): string | null {
  const advice = need.advice === '' ? '' : `: ${need.advice}`
  if ('cores' in need) {
    return machine.cores >= need.cores ? null : `${need.cores} cores are needed, ${machine.cores} may be used${advice}`
  }
  const absent = need.executable.filter((program) => !machine.isInstalled(program, need.in))
  if (absent.length === 0) return null
  return `${absent.join(' and ')} ${absent.length === 1 ? 'is' : 'are'} not installed${advice}`
}

/** What a block of the campaign can hold on this machine, and what had to be left out of it. */
export interface Feasible {
  cells: Cell[]
  missing: MissingNeed[]
}

/**
 * Leaves out the trials that need what is missing; of claims the trials that only such claims ask for, too, and of a cross-check
 * the side that is left alone.
 */
export function feasibleCells(config: Config, campaign: CampaignConfig, machine: Machine): Feasible {
  const reasons = new Map([...missingOfMachine(config, machine), ...missingEngines(config, machine)])
  const isMet = (need: string): boolean => !reasons.has(need)
  const claims = campaign.claims?.filter((claim) => needsOfClaim(config, claim).every(isMet))
  const wanted = claims ? cellsOf({ ...campaign, claims }) : cellsOf(campaign)
  const able = wanted
    .filter(({ scenario }) => !claims || claims.some((claim) => claim.scenario === scenario))
    .map(({ scenario, variants }) => ({
      scenario,
      variants: variants.filter((variant) => needsOfTrial(config, scenario, variant).every(isMet)),
    }))
    .filter(({ variants }) => variants.length > 0)
  const cells = withoutLoneCheck(campaign, able)
  return { cells, missing: leftOut(config, campaign, reasons, cells) }
}

function withoutLoneCheck(campaign: CampaignConfig, cells: Cell[]): Cell[] {
  const isCheck = ({ scenario }: Cell): boolean => partOf(campaign, scenario) === 'check'
  return cells.filter(isCheck).length === 1 ? cells.filter((cell) => !isCheck(cell)) : cells
}

type Reason = readonly [need: string, reason: string]

const missingOfMachine = ({ needs }: Config, machine: Machine): Reason[] =>
  Object.entries(needs).flatMap(([name, need]) => {
    const reason = whyMissing(need, machine)
    return reason === null ? [] : [[name, reason]]
  })

function missingEngines({ scenarios }: Config, { engines }: Machine): Reason[] {
  const asked = new Set(Object.values(scenarios).flatMap(({ engine }) => engine ?? []))
  return [...asked]
    .filter((engine) => !engines.includes(engine))
    .map((engine) => [engineNeed(engine), 'this version of weir has no such engine'])
}

/** All that must be there for a claim to be tested: what it names itself, and what its trials need. */
export function needsOfClaim(config: Config, claim: NonNullable<CampaignConfig['claims']>[number]): string[] {
  const { scenario, variant, against, claimed, needs } = claim
  const sides = 'value' in claimed ? [variant] : [variant, against]
  return [...new Set([...needs, ...sides.flatMap((side) => needsOfTrial(config, scenario, side))])]
}

/** What each missing need costs the campaign; those that cost it nothing are not told of. */
function leftOut(
  config: Config,
  campaign: CampaignConfig,
  reasons: ReadonlyMap<string, string>,
  cells: readonly Cell[],
): MissingNeed[] {
  const claims = campaign.claims ?? []
  const runs = new Set(cells.flatMap(({ scenario, variants }) => variants.map((variant) => `${scenario}\n${variant}`)))
  const skipped = cellsOf(campaign).flatMap(({ scenario, variants }) =>
    variants.filter((variant) => !runs.has(`${scenario}\n${variant}`)).map((variant) => ({ scenario, variant })),
  )
  return [...reasons].flatMap(([need, reason]) => {
    const untested = claims.filter((claim) => needsOfClaim(config, claim).includes(need))
    const trials = skipped.filter(
      ({ scenario, variant }) =>
        needsOfTrial(config, scenario, variant).includes(need) ||
        untested.some((claim) => claim.scenario === scenario && [claim.variant, claim.against].includes(variant)),
    )
    if (trials.length + untested.length === 0) return []
    const inBlocks = trials.filter(({ scenario }) => isInBlocks(campaign, scenario))
    const parts = partsOf(campaign, trials).filter((part) => !partsOf(campaign, cells).includes(part))
    return [
      {
        ...{ need, reason, trialsABlock: inBlocks.length },
        ...(parts.length > 0 ? { parts } : {}),
        claims: untested.map(({ id }) => id),
      },
    ]
  })
}

/** Of a saturation just the sweep is: tries and the pairs of the cross-check come behind. */
export const isInBlocks = (campaign: CampaignConfig, scenario: string): boolean =>
  !campaign.saturation || partOf(campaign, scenario) === 'connections'

const partsOf = (campaign: CampaignConfig, some: readonly { scenario: string }[]): Step['kind'][] => [
  ...new Set(some.flatMap(({ scenario }) => partOf(campaign, scenario) ?? [])),
]

/** `redis: redis-server is not installed: apt-get install redis-server` */
export const needInWords = ({ need, reason }: Pick<MissingNeed, 'need' | 'reason'>): string => `${need}: ${reason}`
