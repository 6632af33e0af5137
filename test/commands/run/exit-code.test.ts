import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exitCodeOf } from '../../../harness/commands/run/exit-code.ts'
import type { Run, TrialRecord } from '../../../harness/record/schema.ts'
import { saturatedRun, tried } from '../../compare/saturation/saturated-run.ts'

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

/** As `whole`, with tries of `other` at its lowest rate and above. */
const searched = (p99s: readonly number[], change: Partial<TrialRecord> = {}): Run => {
  const tries = p99s.map((p99Ms, at) => ({ ...tried('other', at < 3 ? 100 : 200, at + 1, p99Ms), ...change }))
  const run = whole()
  return { ...run, records: [...run.records, ...tries] }
}

test('A variant whose lowest rate fails sets the exit code, be it decided or seen once', () => {
  assert.equal(exitCodeOf(searched([300, 300, 300])), 1)
  assert.equal(exitCodeOf(searched([300])), 1)
})

test('A variant whose lowest rate could not be measured sets the exit code, a single void load does not', () => {
  const failure = { stage: 'target' as const, message: 'it was not ready', outputTail: [] }
  assert.equal(exitCodeOf(searched([20, 20, 20], { observations: [], failure })), 1)
  assert.equal(exitCodeOf(searched([20], { observations: [], failure })), 0)
})

test('A variant that holds its lowest rate ends well, whatever fails above', () => {
  assert.equal(exitCodeOf(searched([20, 20, 20, 300, 300, 300])), 0)
  assert.equal(exitCodeOf(searched([300, 20])), 0)
})

test('An interrupt is an interrupt, whatever is missing', () => {
  const { header, records } = voided(whole(), ['other'])
  assert.equal(exitCodeOf({ header: { ...header, status: 'interrupted' }, records }), 105)
})
