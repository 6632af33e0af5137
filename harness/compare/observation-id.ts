import { printSelector } from '../metrics/selector.ts'
import { sameStat } from '../metrics/stat.ts'
import type { Observation, Scope } from '../record/schema.ts'

/** Which number of a record is meant. */
export interface ObservationId {
  metric: string
  stat: string
  scope: Scope
}

/** Of what is said of one part of a load, which part that is. */
export const scopeOf = ({ scenario, phase }: Scope): Scope => ({
  ...(scenario === undefined ? {} : { scenario }),
  ...(phase === undefined ? {} : { phase }),
})

/** The names of the k6 scenario and the phase that a scope is of; none of the whole load. */
export const partsOf = ({ scenario, phase }: Scope): string[] => [scenario, phase].filter((part) => part !== undefined)

/** A number of a record as one would ask for it: `turn_duration{scenario:paced} p(50)`. */
export const selectorOf = (observation: Pick<Observation, 'metric' | 'stat' | 'scenario' | 'phase'>): string =>
  printSelector({ metric: observation.metric, stat: observation.stat, tags: { ...scopeOf(observation) } })

type NamedStat = Pick<ObservationId, 'metric' | 'stat'>

/** What tells a number of a record from its others as they are written, as text. */
export const writtenKey = ({ metric, stat }: NamedStat, { scenario = '', phase = '' }: Scope): string =>
  `${metric}\n${stat}\n${scenario}\n${phase}`

/** The same by what they mean: a median is one, by either of its names. */
export const observationKey = ({ metric, stat }: NamedStat, scope: Scope): string =>
  writtenKey({ metric, stat: stat === 'med' ? 'p(50)' : stat }, scope)

/** Whether a number of a record is the one that is meant. */
export const isSame = (
  observation: Pick<Observation, 'metric' | 'stat' | 'scenario' | 'phase'>,
  { metric, stat, scope }: ObservationId,
): boolean =>
  observation.metric === metric &&
  sameStat(observation.stat, stat) &&
  observation.scenario === scope.scenario &&
  observation.phase === scope.phase
