import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Behaviour, behaviourOf, UnknownBehaviour } from '../../../reference-server/services/behaviour.ts'

const usual: Behaviour = { tokenCount: 8, tools: [], fault: { kind: 'none' } }

describe('The words of a message ask the model stub', () => {
  const cases: [text: string, asked: Partial<Behaviour>][] = [
    ['hello', {}],
    ['what is a stub: a short end', {}],
    ['mystub:hang', {}],
    ['stub:hang', { fault: { kind: 'hang' } }],
    ['stub:tokens-400 stub:gap-5', { tokenCount: 400, gapMs: 5 }],
    ['stub:tokens-2500 stub:width-4000', { tokenCount: 2_500, tokenWidth: 4_000 }],
    ['please stub:tokens-9,stub:take-1500, thank you', { tokenCount: 9, totalMs: 1_500 }],
    ['stub:trickle', { trickleBytes: 3 }],
    ['stub:stamp', { isStamped: true }],
    ['stub:trickle-1 stub:cut', { trickleBytes: 1, fault: { kind: 'cut' } }],
    ['stub:status', { fault: { kind: 'status', status: 500 } }],
    ['stub:status-429', { fault: { kind: 'status', status: 429 } }],
    ['stub:hang stub:hang-after-2', { fault: { kind: 'hang-after', tokens: 2 } }],
    ['stub:broken-sse', { fault: { kind: 'broken-sse' } }],
    ['stub:knowledge-down', {}],
    ['stub:tool-get-weather', { tools: [{ name: 'get-weather', arguments: '{}' }] }],
    [
      'stub:tool-ask stub:result-{ask is done, for s} stub:tool-find-{"q":"x"} stub:result-{{"found": {}}}',
      {
        tools: [
          { name: 'ask', arguments: '{}' },
          { name: 'find', arguments: '{"q":"x"}' },
        ],
        results: ['ask is done, for s', '{"found": {}}'],
      },
    ],
    [
      'stub:tool-find-{"q": {"all": ["a, b"]}} stub:tool-note-{no JSON} stub:gap-2',
      {
        gapMs: 2,
        tools: [
          { name: 'find', arguments: '{"q": {"all": ["a, b"]}}' },
          { name: 'note', arguments: '{no JSON}' },
        ],
      },
    ],
  ]
  for (const [text, asked] of cases) {
    it(`${text} -> ${JSON.stringify(asked)}`, () => assert.deepEqual(behaviourOf(text, usual), { ...usual, ...asked }))
  }

  it('over what holds for all calls', () => {
    const forAll = behaviourOf('stub:tokens-20 stub:gap-5', usual)
    assert.deepEqual(behaviourOf('stub:gap-1', forAll), { ...usual, tokenCount: 20, gapMs: 1 })
  })

  for (const text of [
    'stub:hung',
    'stub:tokens-0',
    'stub:tokens',
    'stub:status-200',
    'stub:gap--1',
    'stub:result',
    'stub:toString',
  ]) {
    it(`but not for ${text}`, () => assert.throws(() => behaviourOf(text, usual), UnknownBehaviour))
  }
})
