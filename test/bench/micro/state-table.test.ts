import assert from 'node:assert/strict'
import { it } from 'node:test'
import { stateRows, tableOf } from './state-table.ts'

it('The state table has each way beside what is claimed of it, and says what may not be used', () => {
  const found = { time_per_op: 1.4137, bytes_per_op: 0, micro_doubling_ratio: 1.96 }
  const [read, mutex] = stateRows
  const table = tableOf([
    { ...read!, found, fault: null },
    { ...mutex!, found: {}, fault: 'it threw' },
  ])
  assert.equal(
    table,
    `                       ns   claimed ns   bytes   twice the work
  read snapshot      1.41         0.54       0           1.96 x
  read async-mutex                  16                            void

  state-read async-mutex: it threw`,
  )
})

it('The claims of 0.54, 16 and 1600 ns for a read and 51 ns for a write are in it', () => {
  assert.deepEqual(
    stateRows.flatMap(({ claimedNs }) => claimedNs ?? []),
    [0.54, 16, 1600, 51],
  )
})
