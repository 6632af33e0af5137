import assert from 'node:assert/strict'
import { test } from 'node:test'
import { incompleteBeta, studentTCdf, studentTQuantile } from '../../harness/compare/student-t.ts'

/** The published table (as in Abramowitz & Stegun 26.10 or the NIST handbook 1.3.6.7.2) with three more decimals. */
const probabilities = [0.9, 0.95, 0.975, 0.995]
const quantiles: [df: number, ...byProbability: number[]][] = [
  [1, 3.077684, 6.313752, 12.706205, 63.656741],
  [2, 1.885618, 2.919986, 4.302653, 9.924843],
  [3, 1.637744, 2.353363, 3.182446, 5.840909],
  [5, 1.475884, 2.015048, 2.570582, 4.032143],
  [10, 1.372184, 1.812461, 2.228139, 3.169273],
  [30, 1.310415, 1.697261, 2.042272, 2.749996],
]

for (const [df, ...expected] of quantiles) {
  for (const [index, p] of probabilities.entries()) {
    test(`The ${p} quantile of Student's t with ${df} degrees of freedom is ${expected[index]}`, () => {
      const t = studentTQuantile(p, df)
      assert.ok(Math.abs(t - expected[index]!) < 1e-6, String(t))
      assert.ok(Math.abs(studentTQuantile(1 - p, df) + t) < 1e-9)
      assert.ok(Math.abs(studentTCdf(t, df) - p) < 1e-10)
    })
  }
}

test('With one degree of freedom the distribution is Cauchy, with two it has a closed form', () => {
  for (const t of [-1000, -20, -3, -0.5, 0, 1e-9, 0.1, 1, 4, 80, 1e6]) {
    assert.ok(Math.abs(studentTCdf(t, 1) - (0.5 + Math.atan(t) / Math.PI)) < 1e-12)
    assert.ok(Math.abs(studentTCdf(t, 2) - (0.5 + t / (2 * Math.sqrt(2 + t * t)))) < 1e-12)
  }
})

test('With many degrees of freedom the quantile is the normal one', () => {
  assert.ok(Math.abs(studentTQuantile(0.975, 1e7) - 1.959964) < 1e-6)
})

test('Far out in the tail the quantile keeps its digits', () => {
  const closedForm = (p: number) => (2 * p - 1) / Math.sqrt(2 * p * (1 - p))
  for (const p of [1e-12, 1e-6, 0.001]) assert.ok(Math.abs(studentTQuantile(p, 2) / closedForm(p) - 1) < 1e-9)
})

test('The incomplete beta function is 0 and 1 at its ends and mirrors itself', () => {
  assert.equal(incompleteBeta(0, 2, 3), 0)
  assert.equal(incompleteBeta(1, 2, 3), 1)
  for (const x of [0.01, 0.3, 0.5, 0.9]) {
    assert.ok(Math.abs(incompleteBeta(x, 2, 3) - (6 * x ** 2 - 8 * x ** 3 + 3 * x ** 4)) < 1e-12)
    assert.ok(Math.abs(incompleteBeta(x, 4.5, 0.5) + incompleteBeta(1 - x, 0.5, 4.5) - 1) < 1e-12)
  }
})

test('A probability of 0 or 1, or no degrees of freedom, is refused', () => {
  for (const [p, df] of [
    [0, 3],
    [1, 3],
    [-0.1, 3],
    [Number.NaN, 3],
    [0.5, 0],
  ] as const) {
    assert.throws(() => studentTQuantile(p, df), RangeError)
  }
})
