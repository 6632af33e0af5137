import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { boundRank, signedRankInterval } from '../../../harness/compare/signed-rank.ts'
import { seededRandom } from '../../support/random.ts'
import { lowerBound, upperBound } from '../clopper-pearson.ts'
import { alpha } from '../procedures/sequential.ts'
import { drawLogs, holds } from './draw.ts'
import { noises } from './noise.ts'
import { simulateNoise } from './simulation.ts'

describe('The simulation', () => {
  it('asks the ranks what the interval of a comparison would say', () => {
    const random = seededRandom(3)
    const answers = Array.from({ length: 400 }, (_, at) => {
      const values = Array.from({ length: 10 + (at % 15) }, () => random.normal() + 0.5)
      const { lower, upper, error } = signedRankInterval(values, 0.05)!
      const { rank } = boundRank(values.length, error)!
      assert.equal(holds(values, rank), lower <= 0 && upper >= 0)
      assert.equal(holds(values, rank, 0.5), lower <= 0.5 && upper >= 0.5)
      return holds(values, rank)
    })
    assert.ok(answers.includes(true) && answers.includes(false))
  })

  it('draws the same comparison of the same seeds, and balances which side comes first', () => {
    const steep = {
      title: '',
      description: '',
      levels: (trials: number) => Array.from({ length: trials }, (_, at) => at),
    }
    const logs = drawLogs(steep, 40, 9, seededRandom(1).uniform)
    assert.deepEqual(logs, drawLogs(steep, 40, 9, seededRandom(1).uniform))
    assert.deepEqual([...new Set(logs.map(Math.abs))], [1])
    for (let pair = 0; pair < 40; pair += 2) assert.equal(logs[pair]! + logs[pair + 1]!, 0)
    assert.notDeepEqual(logs, drawLogs(steep, 40, 10, seededRandom(1).uniform))
  })

  for (const [at, noise] of noises.entries()) {
    it(`finds intervals honest and looks within their error: ${noise.title}`, () => {
      const { covered, procedures, decided } = simulateNoise(noise, 1000, 100 + at)
      for (const { pairs, count } of covered)
        assert.ok(
          upperBound(count.found, count.tried, 0.999) >= 0.99,
          `${pairs} pairs: ${count.found} of ${count.tried}`,
        )
      for (const { procedure, wrong } of procedures)
        assert.ok(lowerBound(wrong.found, wrong.tried, 0.999) <= alpha, `${procedure.title}: ${wrong.found}`)
      const { held } = decided
      assert.ok(upperBound(held.found, held.tried, 0.999) >= 1 - alpha, `decided: ${held.found} of ${held.tried}`)
    })
  }

  it('shows that looking after every pair is wrong many times as often', () => {
    const { naive } = simulateNoise(noises[0]!, 2000, 5)
    assert.ok(lowerBound(naive.found, naive.tried, 0.999) > 0.1, String(naive.found))
  })
})
