import type { Random } from '../support/random.ts'

/** Differences between the two trials of a pair, in order of pairs, where nothing changed. */
export interface NoiseModel {
  name: string
  draw(pairs: number, random: Random): number[]
}

/** What a difference of 3% is in the words of measurements: as noisy as throughput and CPU time of short trials. */
const deviation = 0.03

const independent = (name: string, one: (random: Random) => number): NoiseModel => ({
  name,
  draw: (pairs, random) => Array.from({ length: pairs }, () => deviation * one(random)),
})

/**
 * Two trials a pair, one after the other, of a machine whose speed wanders; which side comes first is the flip of a coin,
 * balanced in blocks of two pairs, as comparisons plan it.
 */
const inTime = (name: string, speeds: (trials: number, random: Random) => number[]): NoiseModel => ({
  name,
  draw: (pairs, random) => {
    const speed = speeds(2 * pairs, random)
    let sign = 1
    return Array.from({ length: pairs }, (_, pair) => {
      sign = pair % 2 === 1 ? -sign : random.uniform() < 0.5 ? 1 : -1
      return deviation * sign * (speed[2 * pair + 1]! - speed[2 * pair]!)
    })
  },
})

function autocorrelated(trials: number, random: Random): number[] {
  let state = random.normal()
  return Array.from({ length: trials }, () => (state = 0.9 * state + Math.sqrt(1 - 0.81) * random.normal()))
}

const exponential = (random: Random): number => -Math.log(1 - random.uniform())

export const noiseModels: readonly NoiseModel[] = [
  independent('normal', (random) => random.normal()),
  independent("Student's t, 3 degrees of freedom", studentT3),
  independent('Laplace', (random) => (exponential(random) - exponential(random)) / Math.SQRT2),
  independent('difference of log-normals', (random) => (Math.exp(random.normal()) - Math.exp(random.normal())) / 3.06),
  independent(
    'normal, one in twenty ten times as wide',
    (random) => random.normal() * (random.uniform() < 0.05 ? 10 : 1),
  ),
  inTime('autocorrelated in time (0.9)', autocorrelated),
  inTime('steady drift of 1% a trial', (trials, random) =>
    Array.from({ length: trials }, (_, trial) => trial / 3 + random.normal() / Math.SQRT2),
  ),
  inTime('second trial of a pair 2% slower', (trials, random) =>
    Array.from({ length: trials }, (_, trial) => (2 / 3) * (trial % 2) + random.normal() / Math.SQRT2),
  ),
  inTime('twice as noisy in the second half', (trials, random) =>
    Array.from({ length: trials }, (_, trial) => (trial < trials / 2 ? 0.5 : 1) * random.normal()),
  ),
]

/** Of deviation 1. */
function studentT3(random: Random): number {
  const chiSquare = random.normal() ** 2 + random.normal() ** 2 + random.normal() ** 2
  return random.normal() / Math.sqrt(chiSquare)
}
