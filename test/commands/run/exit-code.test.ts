import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exitCodeOf } from '../../../harness/commands/run/exit-code.ts'
import type { Run, TrialRecord } from '../../../harness/record/schema.ts'
import { saturatedRun } from '../../compare/saturation/saturated-run.ts'

const failing = (message: string): Partial<TrialRecord> => ({
  observations: [],
  invalid: [{ code: 'check-failed', message }],
})

/** As trials have it that ran. */
const whole = (): Run => {
  const run = saturatedRun()
  return { ...run, records: run.records.map((record) => ({ ...record, primary: 'throughput{phase:load} value' })) }
}

const voided = (run: Run, variants: readonly string[]): Run => ({
  ...run,
  records: run.records.map((record) =>
    variants.includes(record.variant) ? { ...record, ...failing('no request was answered') } : record,
  ),
})

test('A saturation ends well where every variant has a maximum', () => {
  assert.equal(exitCodeOf(whole()), 0)
})

test('A variant whose every request failed sets the exit code of a saturation, whatever the others did', () => {
  assert.equal(exitCodeOf(voided(whole(), ['other'])), 1)
  assert.equal(exitCodeOf(voided(whole(), ['base', 'other'])), 1)
})

test('An interrupt is an interrupt, whatever is missing', () => {
  const { header, records } = voided(whole(), ['other'])
  assert.equal(exitCodeOf({ header: { ...header, status: 'interrupted' }, records }), 105)
})
