import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { runScript } from '../k6/run-script.ts'

const script = (voidUnless: string, inTeardown = '') => `
  import { Counter, Gauge, Rate } from 'k6/metrics'
  const wrong = new Counter('wrong')
  const left = new Gauge('left')
  const shares = new Rate('shares')
  export const options = { iterations: 3, ext: { weir: { voidUnless: ${voidUnless} } } }
  export default function () { wrong.add(1, { why: 'late' }) }
  export function teardown() { ${inTeardown} }`

describe('what a script says must hold', { concurrency: 4 }, () => {
  it('is looked at after teardown(), by tags too, and told with what was found', async (t) => {
    const conditions = "{ wrong: ['count==3', 'count<3'], 'wrong{why:lost}': ['count==0'], left: ['value==0'] }"
    const { result } = await runScript(t, script(conditions, 'left.add(0); left.add(7)'))
    assert.deepEqual(result.conditions, [
      { metric: 'wrong', expression: 'count==3', holds: true, found: 3 },
      { metric: 'wrong', expression: 'count<3', holds: false, found: 3 },
      { metric: 'wrong{why:lost}', expression: 'count==0', holds: true, found: 0 },
      { metric: 'left', expression: 'value==0', holds: false, found: 7 },
    ])
    assert.equal(result.exitCode, 0, 'it is no threshold: the load itself went well')
  })

  it('does not hold where the metric was never measured, unless it counts', async (t) => {
    const { result } = await runScript(t, script("{ left: ['value==0'], shares: ['rate<1'], wrong: ['count==3'] }"))
    assert.deepEqual(
      result.conditions.map(({ holds, found }) => [holds, found]),
      [
        [false, null],
        [false, null],
        [true, 3],
      ],
    )
  })

  it('is refused where there is no such metric, or no such statistic of it', async (t) => {
    await assert.rejects(runScript(t, script("{ wrongg: ['count==0'] }")), /voidUnless: no metric is named "wrongg"/)
    await assert.rejects(runScript(t, script("{ left: ['count==0'] }")), /a gauge metric has no "count"/)
  })
})
