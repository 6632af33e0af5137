import assert from 'node:assert/strict'
import { it } from 'node:test'
import { nearestName } from '../harness/nearest.ts'

const known = ['optimized', 'polling', 'proxy-polling', 'mutex', 'run', '--vus']

const cases: [name: string, nearest: string | undefined][] = [
  ['poling', 'polling'],
  ['optmized', 'optimized'],
  ['optimised', 'optimized'],
  ['mtuex', 'mutex'],
  ['mutexx', 'mutex'],
  ['--vsu', '--vus'],
  ['rn', 'run'],
  ['polling', 'polling'],
  ['per-call-client', undefined],
  ['xyz', undefined],
  ['', undefined],
]

for (const [name, nearest] of cases)
  it(`"${name}" was probably meant to be ${nearest ?? 'something else'}`, () => {
    assert.equal(nearestName(name, known), nearest)
  })
