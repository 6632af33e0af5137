import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { stateAccess } from '../../../reference-server/shared-memory/state-access.ts'

describe('State access', () => {
  const { stateRead, stateWrite, registry } = stateAccess(100)

  it('reads what was written, each way its own state', () => {
    const ways = Object.keys(stateRead) as (keyof typeof stateRead)[]
    for (const [at, way] of ways.entries()) {
      assert.equal(stateRead[way](), 0)
      for (let turns = 1; turns <= at + 3; turns++) assert.equal(stateWrite[way](), turns)
    }
    assert.deepEqual(
      ways.map((way) => stateRead[way]()),
      ways.map((_, at) => at + 3),
    )
  })

  it('looks up a session that is there in every kind of registry', () => {
    for (const [way, lookUp] of Object.entries(registry)) assert.notEqual(lookUp(), undefined, way)
  })
})
