import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ParseError } from '../../../../harness/engine/sessions/transport/http-lines.ts'
import { ResponseParser } from '../../../../harness/engine/sessions/transport/http-parser.ts'
import { readOf } from './http-responses.ts'
import { type LlhttpFact, llhttpFacts } from './llhttp-facts.ts'

type Outcome = { made: LlhttpFact['llhttp']; body: string; surplus: number }

/** Feeds the pieces one after another, as from a connection that closes then. */
function read(pieces: Buffer[], method: string): Outcome {
  const parser = new ResponseParser()
  parser.begin(method, true)
  let last: Buffer = Buffer.alloc(0)
  let surplus = 0
  let body = ''
  try {
    for (const piece of pieces) {
      if (parser.state === 'complete' || parser.state === 'upgraded') surplus += piece.length
      else {
        last = piece
        surplus += piece.length - parser.execute(piece, 0, piece.length)
        body = readOf(parser, last).body
      }
    }
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    return { made: 'refuses', body: '', surplus: 0 }
  }
  if (parser.state === 'upgraded') return { made: 'upgrades', body: '', surplus }
  const isAtClose = parser.finishAtClose()
  assert.ok(isAtClose || parser.state === 'complete', `it waits for more (${parser.state})`)
  return { made: isAtClose ? 'until close' : 'reads', body, surplus }
}

describe("llhttp's cases of responses, whole and in two pieces", () => {
  for (const { fact, bytes: text, method = 'GET', llhttp, unlike, body = '', surplus = 0 } of llhttpFacts) {
    it(`${fact}${unlike ? ` (unlike llhttp: ${unlike.because})` : ''}`, () => {
      const bytes = Buffer.from(text, 'latin1')
      const expected = { made: unlike?.ours ?? llhttp, body, surplus }
      assert.deepEqual(read([bytes], method), expected, 'whole')
      for (let at = 1; at < bytes.length; at++)
        assert.deepEqual(read([bytes.subarray(0, at), bytes.subarray(at)], method), expected, `split at ${at}`)
    })
  }
})
