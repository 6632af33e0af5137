import assert from 'node:assert/strict'
import { it } from 'node:test'
import pg from 'pg'
import type { FailureKind } from '../../../../reference-server/store/database.ts'
import { asDatabaseError } from '../../../../reference-server/store/postgres/failures.ts'

const failure = (code: string | undefined): pg.DatabaseError =>
  Object.assign(new pg.DatabaseError(`failed with ${code}`, 1, 'error'), { code })

const codes: Record<FailureKind, readonly (string | undefined)[]> = {
  refused: ['22001', '22P02', '22P05', '23502', '23505', '23514', '54000'],
  busy: ['40001', '40P01', '55P03', '57014'],
  unreachable: [
    ...['08006', '0A000', '25006', '26000', '42501', '42P01', '53100', '53200', '53300', '55000'],
    ...['57P01', '57P03', '58030', '58P01', 'XX000', 'XX001', undefined],
  ],
}

for (const [kind, those] of Object.entries(codes)) {
  it(`A failure of PostgreSQL's is ${kind} with the codes ${those.join(', ')}`, () => {
    const found = those.map((code) => asDatabaseError(failure(code)).kind)
    assert.deepEqual(
      found,
      those.map(() => kind),
    )
  })
}

it('What is not of the server is of the connection, unless it is a slip in a program', () => {
  const thrown = [new Error('Connection terminated'), new TypeError('no function'), new RangeError('too long')]
  assert.deepEqual(
    thrown.map((error) => asDatabaseError(error).kind),
    ['unreachable', 'refused', 'refused'],
  )
})
