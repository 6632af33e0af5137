import assert from 'node:assert/strict'
import { it } from 'node:test'
import { shareOf } from '../../../reference-server/store/database-pool/port.ts'
import { smallPool } from '../../../reference-server/store/database-pool/small.ts'
import { widePool } from '../../../reference-server/store/database-pool/wide.ts'

it('Workers share the connections out evenly, and each has at least one', () => {
  assert.deepEqual(shareOf(widePool, 1), { size: 100, overflow: 50 })
  assert.deepEqual(shareOf(widePool, 4), { size: 25, overflow: 12 })
  assert.deepEqual(shareOf(smallPool, 4), { size: 1, overflow: 2 })
  assert.deepEqual(shareOf(smallPool, 8), { size: 1, overflow: 1 })
})
