import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cachedHydration } from '../../../reference-server/hydration/cached.ts'
import type { Line, ReadHistory, Todo } from '../../../reference-server/hydration/port.ts'
import { rescanningHydration } from '../../../reference-server/hydration/rescan.ts'

const todo = (text: string, done = false): Todo => ({ text, done })
const block = (...todos: Todo[]): string =>
  `Here it is.\n\`\`\`json\n${JSON.stringify({ todos })}\n\`\`\`\nAnything else?`
const says = (role: string, content: string): Line => ({ role, content })
const chatter = (count: number): Line[] => Array.from({ length: count }, (_, at) => says('user', `line ${at}`))

/** A store of conversations that counts how often, and how much of one, is read. */
const storeOf = (conversations: Record<string, Line[]>) => {
  const reads: (number | undefined)[] = []
  const history: ReadHistory = async (session, most) => {
    reads.push(most)
    const lines = conversations[session] ?? []
    return most === undefined ? lines : lines.slice(-most)
  }
  return { reads, history, conversations }
}

const conversations: { what: string; lines: Line[]; expected: Todo[] }[] = [
  { what: 'none in a conversation without lines', lines: [], expected: [] },
  { what: 'none where nobody wrote one', lines: chatter(10), expected: [] },
  {
    what: 'the one that the assistant wrote in a block',
    lines: [says('assistant', block(todo('a'), todo('b', true))), ...chatter(5)],
    expected: [todo('a'), todo('b', true)],
  },
  {
    what: 'the one that a tool gave as its whole result',
    lines: [says('tool', JSON.stringify({ todos: [todo('a')] }))],
    expected: [todo('a')],
  },
  {
    what: 'the last of several, also within a message',
    lines: [says('assistant', block(todo('old'))), says('assistant', block(todo('newer')) + block(todo('newest')))],
    expected: [todo('newest')],
  },
  {
    what: 'the empty one that replaced another',
    lines: [says('assistant', block(todo('a'))), says('assistant', block())],
    expected: [],
  },
  {
    what: 'the last whole one where what follows is no list',
    lines: [
      says('assistant', block(todo('a'))),
      says('user', block(todo('a user wrote it'))),
      says('assistant', '```json\n{"todos": [{"text": "cut of\n```'),
      says('assistant', '```json\n{"todos": {"length": 1}}\n```'),
      says('assistant', '```json\n{"todos": [null, {"text": 1, "done": "yes"}]}\n```'),
      says('tool', '"todos"'),
    ],
    expected: [todo('a')],
  },
  {
    what: 'none in a message that opens blocks without end',
    lines: [says('assistant', `"todos"${'```json '.repeat(8_000)}`)],
    expected: [],
  },
  {
    what: 'no more than 100 items of one',
    lines: [says('assistant', block(...Array.from({ length: 150 }, (_, at) => todo(`${at}`))))],
    expected: Array.from({ length: 100 }, (_, at) => todo(`${at}`)),
  },
]

for (const [kind, make] of Object.entries({ cached: cachedHydration, rescan: rescanningHydration })) {
  describe(`The to-do list, ${kind}`, () => {
    for (const { what, lines, expected } of conversations) {
      it(`is ${what}`, async () => {
        assert.deepEqual(await make(storeOf({ s: lines }).history).todosOf('s'), expected)
      })
    }

    it('follows the turns, and is each session’s own', async () => {
      const store = storeOf({ s: [says('assistant', block(todo('a')))], other: [] })
      const hydration = make(store.history)
      await hydration.todosOf('s')
      for (const content of [block(todo('a', true)), 'nothing new']) {
        const turn = [says('user', 'go on'), says('assistant', content)]
        store.conversations.s!.push(...turn)
        hydration.noteTurn('s', turn)
        assert.deepEqual(await hydration.todosOf('s'), [todo('a', true)])
      }
      assert.deepEqual(await hydration.todosOf('other'), [])
    })

    it('is found again after the session was forgotten', async () => {
      const hydration = make(storeOf({ s: [says('assistant', block(todo('a')))] }).history)
      await hydration.todosOf('s')
      hydration.forget('s')
      assert.deepEqual(await hydration.todosOf('s'), [todo('a')])
    })

    it('cannot be had while the history cannot be read, and can be afterwards', async () => {
      let broken = true
      const hydration = make(async () => {
        if (broken) throw new Error('no database')
        return [says('assistant', block(todo('a')))]
      })
      await assert.rejects(async () => hydration.todosOf('s'), /no database/)
      broken = false
      assert.deepEqual(await hydration.todosOf('s'), [todo('a')])
    })
  })
}

it('The cached list is read from the last 100 lines once, by all who ask at once together; then it is a look-up', async () => {
  const { reads, history } = storeOf({ s: [says('assistant', block(todo('long ago'))), ...chatter(100)] })
  const hydration = cachedHydration(history)
  assert.deepEqual(await Promise.all([hydration.todosOf('s'), hydration.todosOf('s')]), [[], []])
  assert.ok(Array.isArray(hydration.todosOf('s')))
  assert.deepEqual(reads, [100])
})

it('Rescanning reads the whole history each time', async () => {
  const { reads, history } = storeOf({ s: [says('assistant', block(todo('long ago'))), ...chatter(100)] })
  const hydration = rescanningHydration(history)
  for (let turn = 0; turn < 3; turn++) assert.deepEqual(await hydration.todosOf('s'), [todo('long ago')])
  assert.deepEqual(reads, [undefined, undefined, undefined])
})

describe('The cached list, while a scan is under way,', () => {
  const slow = () => {
    const read = Promise.withResolvers<Line[]>()
    return { read, hydration: cachedHydration(() => read.promise) }
  }

  it('is the one that a turn brings, whatever the scan finds', async () => {
    const { read, hydration } = slow()
    const scan = hydration.todosOf('s')
    hydration.noteTurn('s', [says('assistant', block(todo('new')))])
    read.resolve([says('assistant', block(todo('old')))])
    assert.deepEqual(await scan, [todo('new')])
    assert.deepEqual(hydration.todosOf('s'), [todo('new')])
  })

  it('is not kept for a session that was forgotten meanwhile', async () => {
    const { read, hydration } = slow()
    const scan = hydration.todosOf('s')
    hydration.forget('s')
    read.resolve([])
    await scan
    assert.ok(hydration.todosOf('s') instanceof Promise)
  })
})
