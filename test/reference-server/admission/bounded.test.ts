import assert from 'node:assert/strict'
import { it } from 'node:test'
import { boundedAdmission } from '../../../reference-server/admission/bounded.ts'

const never = () => new AbortController().signal

it('Permits are given until none is left, then turns wait in order, then they are refused', async () => {
  const admission = boundedAdmission({ permits: 1, waitingTurns: 2 })
  const order: number[] = []
  assert.equal(admission.admit(never()), undefined)
  const waiting = [1, 2].map((number) => admission.admit(never())?.then(() => order.push(number)))
  assert.throws(() => admission.admit(never()), { status: 503, retryAfterS: 1 })
  assert.deepEqual([admission.inUse, admission.waiting], [1, 2])
  admission.release()
  admission.release()
  await Promise.all(waiting)
  assert.deepEqual(order, [1, 2])
  admission.release()
  assert.deepEqual([admission.inUse, admission.waiting], [0, 0])
})

it('A turn whose client leaves while it waits gives up its place and takes no permit', async () => {
  const admission = boundedAdmission({ permits: 1, waitingTurns: 1 })
  admission.admit(never())
  const cancel = new AbortController()
  const waiting = admission.admit(cancel.signal)
  cancel.abort(new Error('gone'))
  await assert.rejects(async () => waiting, /gone/)
  assert.equal(admission.waiting, 0)
  admission.release()
  assert.equal(admission.inUse, 0)
  assert.throws(() => admission.admit(cancel.signal), /gone/)
})

it('Closing refuses those that wait and those that come, and lets the admitted ones finish', async () => {
  const admission = boundedAdmission({ permits: 1, waitingTurns: 1 })
  admission.admit(never())
  const waiting = admission.admit(never())
  admission.close()
  await assert.rejects(async () => waiting, { status: 503 })
  assert.throws(() => admission.admit(never()), { status: 503 })
  admission.release()
  assert.deepEqual([admission.inUse, admission.waiting], [0, 0])
})
