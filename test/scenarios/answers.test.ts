import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { planAnswer, widen } from '../../reference-server/services/answers.ts'
import { runWithLib } from './support/run-scenario.ts'

const file = 'answers.ts'

it('Scenarios and the model stub agree on every token of thousands of answers, also of long ones', async (t) => {
  const lengthOf = (n: number) => (n % 100 === 0 ? 400 : 8)
  const body = `const lengthOf = ${lengthOf}
  export default function () {
    for (let n = 0; n < 5000; n++) console.log(tokensOf(\`session-\${n % 70}.é\`, n * 7919, lengthOf(n)).join('|'))
  }`
  const { said } = await runWithLib(t, { file, names: 'tokensOf', body })
  const stubs = Array.from({ length: 5000 }, (_, n) =>
    planAnswer(`session-${n % 70}.é`, `${n * 7919}`, lengthOf(n)).tokens.join('|'),
  )
  assert.deepEqual(said, stubs)
  assert.ok(new Set(stubs).size > 4990, 'answers differ, or agreeing on them would say little')
})

it('They agree on tokens that are widened too', async (t) => {
  const body =
    'export default function () { for (let n = 0; n < 50; n++) console.log(tokensOf("s", n, 8, 3 + n).join("|")) }'
  const { said } = await runWithLib(t, { file, names: 'tokensOf', body })
  const stubs = said.map((_, n) =>
    planAnswer('s', `${n}`)
      .tokens.map((token) => widen(token, 3 + n))
      .join('|'),
  )
  assert.deepEqual([said.length, said], [50, stubs])
})

describe('An answer is held against what it must be', { concurrency: 4 }, () => {
  const right = planAnswer('s', '3').tokens
  const whole = { session: 's', turn: 3, tokens: 8, content: right.join('') }
  type Heard = [turn: number, index: number, text: string | undefined]
  const inOrder = right.map((text, index): Heard => [3, index, text])
  const swapped = inOrder.toSpliced(2, 2, inOrder[3]!, inOrder[2]!)

  const streams: [title: string, heard: Heard[], end: unknown, why: string | null][] = [
    ['all of it in order', inOrder, whole, null],
    ['one token is of another answer', inOrder.with(4, [3, 4, ' nothing']), whole, 'text'],
    ['one token is of another turn', inOrder.with(4, [2, 4, right[4]]), whole, 'foreign'],
    ['two tokens changed places', swapped, whole, 'order'],
    ['a token came twice', inOrder.toSpliced(3, 0, inOrder[2]!), whole, 'doubled'],
    ['a token is missing in its midst', inOrder.toSpliced(3, 1), whole, 'lost'],
    ['a token is missing at its end', inOrder.slice(0, -1), whole, 'lost'],
    ['a token too many', [...inOrder, [3, 8, ' more']], whole, 'text'],
    ['an index far beyond its end', [...inOrder, [3, 1e9, ' more']], whole, 'lost'],
    ['its end says another content', inOrder, { ...whole, content: 'something else' }, 'text'],
    ['its end says fewer tokens', inOrder, { ...whole, tokens: 7 }, 'lost'],
    ['its end is no answer', inOrder, null, 'text'],
  ] // biome-ignore format: one row a case
  for (const [title, heard, end, why] of streams) {
    it(`as a stream where ${title}: ${why ?? 'right'}`, async (t) => {
      const body = `export default function () {
        const answer = new AnswerCheck('s', 3)
        for (const [turn, index, text] of ${JSON.stringify(heard)}) answer.hear(turn, index, text)
        console.log(answer.endStream(${JSON.stringify(end)}))
      }`
      const { said, metric, result } = await runWithLib(t, { file, names: 'AnswerCheck', body })
      assert.deepEqual(said, [String(why === null)])
      assert.equal(metric('answers_wrong')?.sum, why === null ? undefined : 1, 'it is counted once, whatever is wrong')
      assert.equal(result.exitCode, 0)
    })
  }

  it('in one piece, and whose it is counts too', async (t) => {
    const answers = [
      whole,
      { turn: 3, tokens: 8, content: whole.content },
      { ...whole, session: 'other' },
      { ...whole, turn: 4 },
      null,
    ]
    const body = `export default function () {
      for (const answer of ${JSON.stringify(answers)}) {
        const check = new AnswerCheck('s', 3)
        check.takeWhole(answer)
        console.log(check.why)
      }
    }`
    const { said } = await runWithLib(t, { file, names: 'AnswerCheck', body })
    assert.deepEqual(said, ['null', 'null', 'foreign', 'foreign', 'text'])
  })
})
