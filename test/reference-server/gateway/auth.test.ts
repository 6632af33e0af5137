import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { it } from 'node:test'
import { KnownKeys, keyOfHeaders } from '../../../reference-server/gateway/auth.ts'

const callers = [
  { apiKey: 'first-key', app: 'app-a' },
  { apiKey: 'second-key', app: 'app-b' },
  { apiKey: 'k'.repeat(300), app: 'app-c' },
]

it('Every guess is compared with every key, whole and in constant time, however much of it is right', (t) => {
  const compare = t.mock.method(crypto, 'timingSafeEqual')
  syncBuiltinESMExports()
  t.after(() => {
    compare.mock.restore()
    syncBuiltinESMExports()
  })
  const keys = new KnownKeys(callers)
  const guesses = [
    'first-key',
    'second-key',
    'first-keX',
    'first',
    'f',
    '',
    'first-key\0',
    'k'.repeat(300),
    'k'.repeat(299),
  ]
  const found = guesses.map((guess) => {
    const before = compare.mock.callCount()
    const app = keys.find(guess)?.app
    const calls = compare.mock.calls.slice(before)
    const lengths = calls.flatMap((call) => call.arguments.map((each) => (each as Buffer).length))
    assert.deepEqual(lengths, Array(2 * callers.length).fill(32), guess)
    return app
  })
  const none = undefined
  assert.deepEqual(found, ['app-a', 'app-b', none, none, none, none, none, 'app-c', none])
  assert.equal(keys.find(undefined), undefined)
})

it('A key is read from x-api-key, else from a Bearer token', () => {
  assert.equal(keyOfHeaders({ 'x-api-key': 'a', authorization: 'Bearer b' }), 'a')
  assert.equal(keyOfHeaders({ authorization: 'bearer  b' }), 'b')
  for (const authorization of ['Bearer', 'Bearer a b', 'Basic b', 'b', '']) {
    assert.equal(keyOfHeaders({ authorization }), undefined, authorization)
  }
  assert.equal(keyOfHeaders({}), undefined)
})
