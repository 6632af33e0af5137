import assert from 'node:assert/strict'
import { json } from 'node:stream/consumers'
import { describe, it, type TestContext } from 'node:test'
import type { Answer } from '../../../reference-server/delivery/port.ts'
import { chatTarget, completeChat } from '../../../reference-server/upstream/chat.ts'
import type { ModelCall } from '../../../reference-server/upstream/port.ts'
import { startServer } from './support/server.ts'

const target = chatTarget(new URL('http://model.example/'), 'm', 60_000)

/** What comes of a call whose answer has this body; `heard` are the tokens passed on. */
const ask = async (t: TestContext, body: string, isStreamed: boolean): Promise<{ answer: Answer; heard: string[] }> => {
  const { pool } = await startServer(t, (_request, response) => response.end(body))
  const heard: string[] = []
  const stream = { onToken: (text: string) => heard.push(text) > 0, whenReady: (resume: () => void) => resume() }
  const call: ModelCall = {
    ...{ apiKey: 'key-a', session: 's', turn: 1, messages: [], toolsJson: '', signal: new AbortController().signal },
    ...(isStreamed ? { stream } : {}),
  }
  return { answer: await completeChat(pool, target, call), heard }
}

const events = (...data: (object | string)[]): string =>
  data.map((each) => `data: ${typeof each === 'string' ? each : JSON.stringify(each)}\n\n`).join('')
const said = (content: unknown) => ({ choices: [{ index: 0, delta: { content } }] })
const called = (...calls: unknown[]) => ({ choices: [{ index: 0, delta: { tool_calls: calls } }] })

describe('A streamed answer', () => {
  it('is put together from what its chunks say; null, nothing and empty texts are no tokens', async (t) => {
    const first = { choices: [{ index: 0, delta: { role: 'assistant', content: '' } }] }
    const last = { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }
    const usage = { choices: [], usage: { completion_tokens: 2 } }
    const body = events(first, said('Hel'), said(null), { choices: [{}] }, said('lo'), last, usage, '[DONE]')
    assert.deepEqual(await ask(t, body, true), { answer: { content: 'Hello', tokens: 2 }, heard: ['Hel', 'lo'] })
  })

  it('ends with its end: what comes behind is passed over', async (t) => {
    const { answer, heard } = await ask(t, events(said('a'), '[DONE]', said('b'), '{'), true)
    assert.deepEqual([answer, heard], [{ content: 'a', tokens: 1 }, ['a']])
  })

  it('has tool calls whose pieces come in any number of chunks', async (t) => {
    const body = events(
      called({ index: 0, id: 'c0', function: { name: 'look', arguments: '' } }),
      called({ index: 0, function: { arguments: '{"q":' } }, { index: 1, id: 'c1', function: { name: 'add' } }),
      called({ index: 0, function: { arguments: '1}' } }),
      '[DONE]',
    )
    const toolCalls = [
      { id: 'c0', name: 'look', arguments: '{"q":1}' },
      { id: 'c1', name: 'add', arguments: '' },
    ]
    assert.deepEqual((await ask(t, body, true)).answer, { content: '', tokens: 0, toolCalls })
  })

  const unreadable: Record<string, string> = {
    'is no JSON': '{"choices":',
    'is a number': '5',
    'is null': 'null',
    'is a text': '"hello"',
    'has a number for content': JSON.stringify(said(5)),
    'has a list for content': JSON.stringify(said(['a'])),
    'has null for a tool call': JSON.stringify(called(null)),
    'has a text for a tool call': JSON.stringify(called('look')),
    'has an object for its tool calls': JSON.stringify({ choices: [{ delta: { tool_calls: {} } }] }),
    'has a tool call at a negative place': JSON.stringify(called({ index: -1 })),
    'has a tool call far behind the last': JSON.stringify(called({ index: 60 })),
    'has a tool call between two places': JSON.stringify(called({ index: 0 }, { index: 0.5 })),
    'has a text for the place of a tool call': JSON.stringify(called({ index: '__proto__' })),
    'has more tool calls than anybody asks for': JSON.stringify(called(...Array.from({ length: 65 }, () => ({})))),
    'has a tool call that nobody can answer, since it has no id': JSON.stringify(
      called({ function: { name: 'look' } }),
    ),
    'has a tool call without a name': JSON.stringify(called({ id: 'c', function: null })),
    'tells of an error': '{"error":{"message":"secret of the model"}}',
  }
  for (const [what, chunk] of Object.entries(unreadable)) {
    it(`is refused where a chunk ${what}`, async (t) => {
      await assert.rejects(ask(t, events(said('a'), chunk, '[DONE]'), true), ({ status, message }) => {
        assert.equal(status, 502)
        assert.doesNotMatch(message, /secret/)
        return true
      })
    })
  }

  for (const [what, body] of Object.entries({
    'stops before its end': events(said('a')),
    'stops within its end': `${events(said('a'))}data: [DONE]\n`,
    'is empty': '',
    'is a page': '<html>no model here</html>',
  })) {
    it(`is refused where it ${what}`, async (t) => {
      await assert.rejects(ask(t, body, true), {
        status: 502,
        message: 'the model ended its stream before it was done',
      })
    })
  }

  it('is cut off where it does not end', async (t) => {
    const chunk = events(said('x'.repeat(500_000)))
    await assert.rejects(ask(t, chunk.repeat(21), true), { status: 502, message: /without end/ })
    const argument = events(called({ index: 0, id: 'c', function: { arguments: 'x'.repeat(500_000) } }))
    await assert.rejects(ask(t, argument.repeat(21), true), { status: 502, message: /without end/ })
  })
})

describe('A whole answer', () => {
  const whole = (message: object | null, tokens: unknown = 3): string =>
    JSON.stringify({ choices: [{ message }], usage: { completion_tokens: tokens } })

  it('is its content and its tokens, with the tools that it calls', async (t) => {
    assert.deepEqual((await ask(t, whole({ content: 'Hello' }), false)).answer, { content: 'Hello', tokens: 3 })
    const calls = [{ id: 'c', function: { name: 'look', arguments: '{}' } }]
    const { answer } = await ask(t, whole({ content: null, tool_calls: calls }), false)
    assert.deepEqual(answer, { content: '', tokens: 3, toolCalls: [{ id: 'c', name: 'look', arguments: '{}' }] })
  })

  const unreadable: Record<string, string> = {
    'is no JSON': '{"choices":',
    'is empty': '',
    'is null': 'null',
    'is a number': '7',
    'is a list': '[]',
    'has no choices': '{}',
    'has null for choices': '{"choices":null}',
    'has no message': '{"choices":[{}],"usage":{"completion_tokens":1}}',
    'has null for its message': whole(null),
    'has no content': whole({ content: null }),
    'has a number for content': whole({ content: 5 }),
    'has a text for its tokens': whole({ content: 'a' }, '3'),
    'has null for a tool call': whole({ content: 'a', tool_calls: [null] }),
    'has a tool call without a name': whole({ content: 'a', tool_calls: [{ id: 'c' }] }),
    'has an object for its tool calls': whole({ content: 'a', tool_calls: {} }),
  }
  for (const [what, body] of Object.entries(unreadable)) {
    it(`is refused where it ${what}`, async (t) => {
      await assert.rejects(ask(t, body, false), {
        ...{ status: 502, message: 'the model sent an answer that is no chat completion' },
      })
    })
  }
})

it('The model is told of the tools that it may ask for, and of none where there are none', async (t) => {
  const bodies: Record<string, unknown>[] = []
  const { pool } = await startServer(t, async (request, response) => {
    bodies.push((await json(request)) as Record<string, unknown>)
    response.end('{"choices":[{"message":{"content":"hello"}}],"usage":{"completion_tokens":1}}')
  })
  const tools = [{ type: 'function', function: { name: 'look', description: 'looks', parameters: {} } }]
  for (const toolsJson of [JSON.stringify(tools), '']) {
    const { signal } = new AbortController()
    await completeChat(pool, target, { apiKey: 'key-a', session: 's', turn: 1, messages: [], toolsJson, signal })
  }
  assert.deepEqual(
    bodies.map((body) => body.tools),
    [tools, undefined],
  )
  assert.deepEqual(bodies[0]?.metadata, { session: 's', turn: '1' })
})
