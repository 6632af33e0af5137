import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stolenMs } from '../../harness/target/stolen-time.ts'

const stat = `cpu  10 20 30 40 50 60 70 300 90 100
cpu0 1 2 3 4 5 6 7 100 9 10
cpu1 1 2 3 4 5 6 7 200 9 10
cpu10 1 2 3 4 5 6 7 900 9 10
intr 12 1 2 3
`

test('the time that the host took is the mean of the CPUs that were asked for', () => {
  assert.equal(stolenMs([1], stat), 2000)
  assert.equal(stolenMs([0, 1], stat), 1500)
})

test('of a CPU that is not told of nothing was taken', () => {
  assert.equal(stolenMs([2], stat), 0)
  assert.equal(stolenMs([], stat), 0)
  assert.equal(stolenMs([0], ''), 0)
})

test('this machine tells of its CPU 0', { skip: process.platform !== 'linux' }, () => {
  assert.ok(stolenMs([0]) >= 0)
})
