import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadFailure } from '../../harness/trial/record.ts'
import { loadResult } from '../support/load-result.ts'

test('A threshold that is crossed at the end is a finding, one that ended the load leaves no whole trial', () => {
  assert.equal(loadFailure(loadResult()), null)
  assert.equal(loadFailure(loadResult({ exitCode: 99 })), null)
  const aborted = loadResult({ exitCode: 99, endedBecause: "thresholds on metrics 'checks' were crossed" })
  assert.deepEqual(
    [loadFailure(aborted)?.stage, loadFailure(aborted)?.message],
    ['load', "the load ended early: thresholds on metrics 'checks' were crossed"],
  )
})
