import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { judgeLatency, judgeRate } from '../../harness/calibrate/bands.ts'
import { type Calibration, isGood, type RowReport } from '../../harness/calibrate/calibration.ts'
import { controlsText, rowText, verdictText } from '../../harness/calibrate/table.ts'

const report: RowReport = {
  name: 'constant 20 ms',
  figures: [
    judgeLatency('service', 'p50', { programmed: 20, released: 20.01, measured: 20.13 }),
    judgeLatency('service', 'p90', { programmed: 20, released: 20.02, measured: 20.5 }),
    judgeLatency('service', 'p99', { programmed: 20, released: 20.03, measured: 19.03 }),
    judgeLatency('service', 'p99.9', { programmed: 20, released: 20.04, measured: Number.NaN }),
    judgeRate(400, 400.1),
  ],
  controls: [],
  requests: 3200,
  verdict: 'out',
  notes: ['driven again, because it was noisy'],
}

const noticed = { name: 'blocked', isDetected: true, evidence: 'late by 50 ms' }
const calibration = (changes: Partial<Calibration> = {}): Calibration => ({
  pinning: '',
  rows: [{ ...report, verdict: 'in' }],
  controls: [noticed],
  peers: [],
  ...changes,
})

describe('The table of a calibration', () => {
  it('has a line for each figure', () => {
    assert.equal(
      rowText(report),
      `constant 20 ms (3200 requests)
                       programmed  released  measured   error  allowed
  service       p50        20.000    20.010    20.130  +0.120    0.250  ok
  service       p90        20.000    20.020    20.500  +0.480
  service       p99        20.000    20.030    19.030  -1.000    0.250  OUT OF BAND
  service       p99.9      20.000    20.040
  arrival rate            400.000   400.000   400.100  +0.100    0.400  ok
  driven again, because it was noisy`,
    )
  })

  it('says of a disturbed row that it says nothing', () => {
    assert.match(rowText({ ...report, verdict: 'disturbed' }), /\n {2}disturbed: nothing can be said of it$/)
  })

  it('tells which control was noticed and which was not', () => {
    const missed = { name: 'omission', isDetected: false, evidence: 'nothing' }
    assert.deepEqual(controlsText([noticed, missed]).split('\n').slice(1), [
      '  noticed  blocked (late by 50 ms)',
      '  NOT NOTICED  omission (nothing)',
    ])
  })
})

describe('The verdict of a calibration', () => {
  it('is good when every row is in band and every control was noticed', () => {
    assert.equal(isGood(calibration()), true)
    assert.match(verdictText(calibration()), /^calibrated: /)
  })

  const bad: [why: string, changes: Partial<Calibration>, text: RegExp][] = [
    ['a row is out of band', { rows: [report] }, /^NOT calibrated: out of band: "constant 20 ms"$/],
    ['a row was disturbed', { rows: [{ ...report, verdict: 'disturbed' }] }, /^NOT calibrated: disturbed, .*"constant/],
    [
      'a control was not noticed',
      { controls: [{ ...noticed, isDetected: false }] },
      /^NOT calibrated: wrong on purpose and not noticed: "blocked"$/,
    ],
  ]
  for (const [why, changes, text] of bad) {
    it(`is bad when ${why}, and says so`, () => {
      assert.equal(isGood(calibration(changes)), false)
      assert.match(verdictText(calibration(changes)), text)
    })
  }
})
