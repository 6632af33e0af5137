import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UserError } from '../../harness/errors.ts'
import { formatDuration, parseDurationMs } from '../../harness/metrics/duration.ts'

const readable: [string | number, number][] = [
  ['10s', 10_000],
  ['1m30s', 90_000],
  ['500ms', 500],
  ['1.5h', 5_400_000],
  ['.5s', 500],
  ['1h2m3.5s', 3_723_500],
  ['250us', 0.25],
  ['250µs', 0.25],
  ['250μs', 0.25],
  ['1500000ns', 1.5],
  ['2d', 172_800_000],
  ['1d12h', 129_600_000],
  ['-10s', -10_000],
  ['-1d1h', -90_000_000],
  [' 3s ', 3_000],
  ['0', 0],
  ['1500', 1_500],
  ['1e3', 1_000],
  [250, 250],
  [0.5, 0.5],
]

for (const [text, ms] of readable) {
  test(`The duration ${JSON.stringify(text)} is ${ms} ms`, () => {
    assert.ok(Math.abs(parseDurationMs(text) - ms) < 1e-9, String(parseDurationMs(text)))
  })
}

for (const text of ['', ' ', 's', '10 s', '10x', '1m30', '10s5', '1..5s', '12h1d', '1.5d', '-', '1m-5s', '10S']) {
  test(`The text ${JSON.stringify(text)} is not a duration, and the error quotes it and gives examples`, () => {
    assert.throws(
      () => parseDurationMs(text, 'scenario "turns": duration'),
      (error) => {
        assert.ok(error instanceof UserError)
        assert.ok(error.message.startsWith(`scenario "turns": duration: ${JSON.stringify(text)} is not a duration`))
        assert.match(error.message, /1m30s/)
        return true
      },
    )
  })
}

test('A number that is not finite is not a duration', () => {
  assert.throws(() => parseDurationMs(Number.NaN), UserError)
  assert.throws(() => parseDurationMs(Number.POSITIVE_INFINITY), UserError)
})

const printed: [number, string][] = [
  [0, '0s'],
  [12, '12ms'],
  [0.25, '0.25ms'],
  [999.9999, '1s'],
  [2_500, '2.5s'],
  [59_999.9999, '1m'],
  [60_000, '1m'],
  [90_000, '1m30s'],
  [3_600_000, '1h'],
  [3_723_004, '1h2m3.004s'],
  [-1_500, '-1.5s'],
]

for (const [ms, text] of printed) {
  test(`${ms} ms are printed as ${text}, which is read back as the same`, () => {
    assert.equal(formatDuration(ms), text)
    assert.ok(Math.abs(parseDurationMs(text) - ms) < 1e-3)
  })
}
