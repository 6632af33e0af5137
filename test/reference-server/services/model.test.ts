import assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { describe, it } from 'node:test'
import { planAnswer, widen } from '../../../reference-server/services/answers.ts'
import { eventually } from '../support/client.ts'
import { type Message, stubServer } from './support/stub-server.ts'

interface Choice {
  message: Message
  delta: { content?: string; tool_calls?: { index: number; id?: string; function: Record<string, string> }[] }
  finish_reason: string | null
}

const { tokens } = planAnswer('s', '3')
const choiceOf = (json: string): Choice => JSON.parse(json).choices[0]
const wholeOf = async (response: Response): Promise<Choice> => choiceOf(await response.text())

/** The data of each event, without the closing `[DONE]`, which has to be there. */
const eventsOf = async (response: Response): Promise<string[]> => {
  const events = (await response.text()).trim().split('\n\n')
  assert.equal(events.pop(), 'data: [DONE]')
  return events.map((event) => event.slice('data: '.length))
}
const textOf = (events: string[]): string => events.map((event) => choiceOf(event).delta.content ?? '').join('')

describe('The model stub', () => {
  it('answers at once where its latency is 0, and that is never late', async (t) => {
    const { ask, lateness } = await stubServer(t)
    assert.equal((await wholeOf(await ask('hello'))).message.content, tokens.join(''))
    assert.equal(textOf(await eventsOf(await ask('hello', true))), tokens.join(''))
    assert.equal(lateness.take().count, 0)
  })

  it('speaks longer where it is asked to, in the same words', async (t) => {
    const { ask } = await stubServer(t)
    const events = await eventsOf(await ask('stub:tokens-400', true))
    const longer = planAnswer('s', '3', 400).tokens
    assert.equal(events.length, 401)
    assert.equal(textOf(events), longer.join(''))
    assert.deepEqual(longer.slice(0, 8), tokens)
  })

  it('makes its tokens wider where it is asked to', async (t) => {
    const { ask } = await stubServer(t)
    const wide = textOf(await eventsOf(await ask('stub:width-1000', true)))
    assert.equal(wide, tokens.map((token) => widen(token, 1_000)).join(''))
    assert.ok(wide.length > 7_900 && wide.length <= 8_000, `${wide.length} characters`)
  })

  it('says in its tokens when it emitted them where it is asked to, and calls tools as ever', async (t) => {
    const { ask } = await stubServer(t)
    const events = (await eventsOf(await ask('stub:stamp', true))).slice(0, -1)
    assert.equal(events.length, 8)
    for (const event of events) {
      const { emittedMs } = JSON.parse(event).weir
      assert.equal(choiceOf(event).delta.content, `${emittedMs.toFixed(3)} `)
    }
    const [first] = await eventsOf(await ask('stub:stamp stub:tool-find', true))
    assert.equal(choiceOf(first!).delta.tool_calls?.[0]?.function.name, 'find')
  })

  it('schedules a token every few milliseconds where it is asked to, by a message or for all', async (t) => {
    const [{ ask }, forAll] = [await stubServer(t), await stubServer(t, { behaviour: 'stub:gap-4 stub:tokens-5' })]
    for (const answer of [await ask('stub:tokens-5 stub:gap-4', true), await forAll.ask('hello', true)]) {
      const stamps = (await eventsOf(answer)).slice(0, -1).map((event) => JSON.parse(event).weir)
      const gaps = stamps.slice(1).map(({ scheduledMs }, k) => Math.round(1e3 * (scheduledMs - stamps[k].scheduledMs)))
      assert.deepEqual(gaps, [4_000, 4_000, 4_000, 4_000])
      assert.ok(stamps.every(({ scheduledMs, emittedMs }) => emittedMs >= scheduledMs))
    }
    assert.equal(forAll.lateness.take().count, 5)
  })

  it('cuts what it sends anywhere, also inside a character, when it trickles; joined it is whole', async (t) => {
    const { ask } = await stubServer(t)
    // The first has a character of four bytes, which does not fit into three.
    const some = tokens.slice(0, 2)
    assert.match(some.join(''), /[^\0-\uffff]/u)
    const pieces: Uint8Array[] = []
    for await (const piece of (await ask('stub:tokens-2 stub:trickle', true)).body!) pieces.push(piece)
    assert.ok(pieces.some((piece) => !isUtf8(piece)))
    assert.equal(textOf(await eventsOf(new Response(Buffer.concat(pieces)))), some.join(''))
    assert.equal((await wholeOf(await ask('stub:trickle-50'))).message.content, tokens.join(''))
  })

  it('names what it does not know', async (t) => {
    const response = await (await stubServer(t)).ask('stub:hung')
    assert.equal(response.status, 400)
    assert.match(await response.text(), /does not know stub:hung; it knows: hang, reset/)
  })
})

describe('The model stub misbehaves when it is asked to', () => {
  it('with a status, and says when to come again', async (t) => {
    const response = await (await stubServer(t)).ask('stub:status-429')
    assert.deepEqual([response.status, response.headers.get('retry-after')], [429, '7'])
    const { error } = (await response.json()) as { error: { type: string } }
    assert.equal(error.type, 'invalid_request_error')
  })

  it('with one unreadable event in a stream that otherwise comes whole', async (t) => {
    const events = await eventsOf(await (await stubServer(t)).ask('stub:broken-sse', true))
    const [broken] = events.splice(4, 1)
    assert.throws(() => JSON.parse(broken!), SyntaxError)
    assert.equal(textOf(events), tokens.join(''))
  })

  it('with a body that is no JSON', async (t) => {
    const { ask } = await stubServer(t)
    await assert.rejects(wholeOf(await ask('stub:malformed')), SyntaxError)
  })

  it('by closing the connection, at once or after half of the answer', async (t) => {
    const { ask, get } = await stubServer(t)
    await assert.rejects(ask('stub:reset'))
    for (const [stream, cut] of [
      [true, tokens[3]!],
      [false, '"message"'],
    ] as const) {
      let text = ''
      const read = async (): Promise<void> => {
        for await (const piece of (await ask('stub:cut', stream)).body!) text += Buffer.from(piece)
      }
      await assert.rejects(read())
      assert.ok(text.includes(cut), text)
      assert.ok(!text.includes('finish_reason":"stop"'), text)
    }
    assert.deepEqual(await get('/in-flight'), { answers: 0, aborted: 0 })
  })

  for (const [words, stream, upTo] of [
    ['stub:hang-after-2', true, tokens[1]!],
    ['stub:hang-after-1', false, '"choices"'],
  ] as const) {
    it(`with silence after a part of ${stream ? 'a stream' : 'a body'}, until its client gives up`, async (t) => {
      const { ask, get } = await stubServer(t)
      const giveUp = new AbortController()
      const response = await ask(words, stream, giveUp.signal)
      let text = ''
      await assert.rejects(async () => {
        for await (const piece of response.body!) {
          text += Buffer.from(piece)
          if (text.includes(upTo)) giveUp.abort()
        }
      })
      assert.ok(!text.includes('[DONE]') && !text.endsWith('}'))
      await eventually(
        () => get('/in-flight'),
        (seen) => JSON.stringify(seen) === '{"answers":0,"aborted":1}',
      )
    })
  }
})

describe('The model stub calls tools', () => {
  const words = 'stub:tool-find-{"q":"a b"} stub:tool-note'
  const asked: Message = { role: 'user', content: words }
  const result = (id: string): Message => ({ role: 'tool', tool_call_id: id, content: '{}' })
  const calls = [
    { id: 'call-s-3-0', type: 'function', function: { name: 'find', arguments: '{"q":"a b"}' } },
    { id: 'call-s-3-1', type: 'function', function: { name: 'note', arguments: '{}' } },
  ]

  it('in a whole answer', async (t) => {
    const choice = await wholeOf(await (await stubServer(t)).ask(words))
    assert.deepEqual(choice.message, { role: 'assistant', content: null, tool_calls: calls })
    assert.equal(choice.finish_reason, 'tool_calls')
  })

  it('in a stream, the arguments in pieces', async (t) => {
    const events = await eventsOf(await (await stubServer(t)).ask(words, true))
    const choices = events.map(choiceOf)
    assert.equal(choices.at(-1)?.finish_reason, 'tool_calls')
    const deltas = choices.flatMap(({ delta }) => delta.tool_calls ?? [])
    const joined = calls.map((_, at) => {
      const own = deltas.filter(({ index }) => index === at)
      const args = own.map((each) => each.function.arguments).join('')
      return { id: own[0]?.id, type: 'function', function: { name: own[0]?.function.name, arguments: args } }
    })
    assert.deepEqual(joined, calls)
  })

  it('and says its text, or goes wrong, once all results are there', async (t) => {
    const { ask } = await stubServer(t)
    const called: Message = { role: 'assistant', content: null, tool_calls: calls }
    const results = [result('call-s-3-1'), result('call-s-3-0')]
    assert.equal((await wholeOf(await ask([asked, called, ...results]))).message.content, tokens.join(''))
    const failing: Message = { role: 'user', content: `${words} stub:status-503` }
    assert.equal((await ask([failing])).status, 200)
    assert.equal((await ask([failing, called, ...results])).status, 503)
    const next: Message = { role: 'user', content: 'thanks' }
    const said: Message = { role: 'assistant', content: 'done' }
    assert.equal((await wholeOf(await ask([asked, called, ...results, said, next]))).finish_reason, 'stop')
  })

  it('and refuses a result that is not the one that was to come, whatever order they come in', async (t) => {
    const { ask } = await stubServer(t)
    const content = `${words} stub:result-{found a b} stub:result-{noted}`
    const give = (find: string, note: string): Message[] => [
      { role: 'user', content },
      { role: 'assistant', content: null, tool_calls: calls },
      { ...result('call-s-3-1'), content: note },
      { ...result('call-s-3-0'), content: find },
    ]
    assert.equal((await wholeOf(await ask(give('found a b', 'noted')))).message.content, tokens.join(''))
    for (const [find, note, says] of [
      ['find: the tool failed', 'noted', /expected found a b as the result of call 1; got find: the tool failed/],
      ['found a b', 'noted for another', /expected noted as the result of call 2; got noted for another/],
      ['noted', 'found a b', /expected found a b as the result of call 1; got noted/],
    ] as const) {
      const refused = await ask(give(find, note))
      assert.equal(refused.status, 400)
      assert.match(await refused.text(), says)
    }
  })

  it('and refuses results that are missing or that nobody asked for', async (t) => {
    const { ask } = await stubServer(t)
    const called: Message = { role: 'assistant', content: null, tool_calls: calls }
    const wrong = [
      [asked, called, result('call-s-3-0')],
      [asked, called, result('call-s-3-0'), result('call-s-3-1'), result('call-s-4-0')],
      [asked, called, result('call-s-3-0'), result('call-s-3-0')],
      [asked, result('call-s-3-0')],
    ]
    for (const messages of wrong) assert.equal((await ask(messages)).status, 400)
  })
})
