import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureExcesses } from '../../harness/compare/failures.ts'
import type { Observation, TrialRecord } from '../../harness/record/schema.ts'
import { makeRecord, observe } from './run-builder.ts'

const trials = (variant: string, count: number, observations: Observation[]): TrialRecord[] =>
  Array.from({ length: count }, (_, at) => makeRecord(['s', variant, at + 1], observations))

const failed = (share: number, n: number, scenario?: string): Observation =>
  observe('http_req_failed rate', share, { n, ...(scenario === undefined ? {} : { scenario }) })

/** Parts of a load, and the whole of them. */
const load = (failures: number[], requests: number[]): Observation[] => {
  const [sumOfFailures, sumOfRequests] = [failures, requests].map((each) => each.reduce((a, b) => a + b)) as [
    number,
    number,
  ]
  return [
    failed(sumOfFailures / sumOfRequests, sumOfRequests),
    ...failures.map((count, at) => failed(count / requests[at]!, requests[at]!, `part-${at + 1}`)),
  ]
}

const wordsOf = (a: Observation[], b: Observation[], pairs: number): string[] =>
  failureExcesses(trials('base', pairs, a), trials('new', pairs, b), {}, 0.003).map(({ words }) => words)

test('One failure of ten requests in each of two pairs is no proof, however many requests other parts had', () => {
  assert.deepEqual(wordsOf(load([0, 0], [10, 20_000]), load([1, 0], [10, 20_000]), 2), [])
})

test('A part that fails always is found, also where the whole load hardly shows it', () => {
  assert.deepEqual(wordsOf(load([0, 0], [20, 50_000]), load([20, 0], [20, 50_000]), 10), [
    'new fails more often (http_req_failed, part-1: 100% against 0%)',
  ])
})

test('A load of one part is told of once', () => {
  assert.deepEqual(wordsOf(load([0], [1000]), load([100], [1000]), 10), [
    'new fails more often (http_req_failed: 10% against 0%)',
  ])
})
