import assert from 'node:assert/strict'
import { it } from 'node:test'
import { unboundedAdmission } from '../../../reference-server/admission/unbounded.ts'

it('Any number of turns is admitted at once and counted; one whose client has left is not', () => {
  const admission = unboundedAdmission()
  const { signal } = new AbortController()
  for (let turn = 0; turn < 5_000; turn++) assert.equal(admission.admit(signal), undefined)
  assert.throws(() => admission.admit(AbortSignal.abort(new Error('gone'))), /gone/)
  assert.deepEqual([admission.inUse, admission.waiting], [5_000, 0])
  for (let turn = 0; turn < 5_000; turn++) admission.release()
  assert.equal(admission.inUse, 0)
})

it('Closing refuses those that come and lets the admitted ones finish', () => {
  const admission = unboundedAdmission()
  const { signal } = new AbortController()
  admission.admit(signal)
  admission.close()
  assert.throws(() => admission.admit(signal), { status: 503 })
  assert.equal(admission.inUse, 1)
  admission.release()
  assert.equal(admission.inUse, 0)
})
