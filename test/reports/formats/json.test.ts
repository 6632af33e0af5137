import assert from 'node:assert/strict'
import { test } from 'node:test'
import { saturationOf } from '../../../harness/compare/saturation/saturation.ts'
import { reportFile } from '../../../reports/formats/json.ts'
import { pairedRun } from '../../compare/paired-run.ts'
import { saturatedRun } from '../../compare/saturation/saturated-run.ts'

test('The JSON of a saturation tells how far each variant can be loaded, and that of another run that nobody asked', () => {
  const run = saturatedRun()
  const [told] = reportFile([run]).runs
  assert.deepEqual(told!.saturation, saturationOf(run))
  assert.equal(told!.saturation!.variants.length, 2)
  assert.equal(reportFile([pairedRun({ ratio: () => 1 })]).runs[0]!.saturation, null)
})
