import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { it } from 'node:test'
import type { FailureKind } from '../../../../reference-server/store/database.ts'
import { failureOf } from '../../../../reference-server/store/embedded/failures.ts'

/** The last of each has further bits, which say more exactly what failed. */
const codes: Record<FailureKind, readonly number[]> = {
  busy: [5, 6, 5 | (2 << 8)],
  unreachable: [1, 7, 8, 10, 11, 13, 14, 10 | (1 << 8)],
  refused: [18, 19, 20, 25, 19 | (5 << 8)],
}

for (const [kind, those] of Object.entries(codes)) {
  it(`A failure of SQLite's is ${kind} with the codes ${those.join(', ')}`, () => {
    const found = those.map((errcode) => failureOf(Object.assign(new Error('failed'), { errcode })).kind)
    assert.deepEqual(
      found,
      those.map(() => kind),
    )
  })
}

it('What SQLite throws has such a code; what is a slip in a program has none', () => {
  const database = new DatabaseSync(':memory:')
  database.exec('CREATE TABLE some (id INTEGER PRIMARY KEY, name TEXT NOT NULL)')
  const thrownBy = (run: () => unknown): string => {
    try {
      run()
    } catch (error) {
      return failureOf(error).kind
    }
    return assert.fail('nothing was thrown')
  }
  const add = database.prepare('INSERT INTO some (name) VALUES (?)')
  assert.equal(
    thrownBy(() => add.run(null)),
    'refused',
  )
  assert.equal(
    thrownBy(() => add.run(undefined as unknown as string)),
    'refused',
  )
  assert.equal(
    thrownBy(() => database.prepare('SELECT * FROM another')),
    'unreachable',
  )
  database.close()
})
