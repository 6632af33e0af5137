import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cachedHydration } from '../../../reference-server/hydration/cached.ts'
import type { Line, ReadHistory, Todo } from '../../../reference-server/hydration/port.ts'
import { rescanningHydration } from '../../../reference-server/hydration/rescan.ts'
import { type Message, recentMessages, type SessionState } from '../../../reference-server/state/port.ts'

const todo = (text: string, done = false): Todo => ({ text, done })
const block = (...todos: Todo[]): string =>
  `Here it is.\n\`\`\`json\n${JSON.stringify({ todos })}\n\`\`\`\nAnything else?`
const says = (role: string, content: string): Line => ({ role, content })
const chatter = (count: number): Line[] => Array.from({ length: count }, (_, at) => says('user', `line ${at}`))

/** A session after so many turns, with the end of its conversation. */
const session = (turns: number, lines: Line[] = [], id = 's'): SessionState => ({
  ...{ key: id, id, app: 'app', agent: null, device: null, createdAt: '', turns, lastActivityMs: 0 },
  recent: lines.slice(-recentMessages) as Message[],
})
/** One that has been going on for so long that nothing of it is recent. */
const old = session(1_000)
const turnOf = (answer: string): Line[] => [says('user', 'go on'), says('assistant', answer)]

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
        assert.deepEqual(await make(storeOf({ s: lines }).history).todosOf(old), expected)
      })
    }

    it('follows the turns, and is each session’s own', async () => {
      const store = storeOf({ s: [says('assistant', block(todo('a')))], other: [] })
      const hydration = make(store.history)
      await hydration.todosOf(old)
      for (const [at, content] of [block(todo('a', true)), 'nothing new'].entries()) {
        const turn = turnOf(content)
        store.conversations.s!.push(...turn)
        const after = session(old.turns + at + 1, turn)
        hydration.noteTurn(after)
        assert.deepEqual(await hydration.todosOf(after), [todo('a', true)])
      }
      assert.deepEqual(await hydration.todosOf(session(0, [], 'other')), [])
    })

    it('is found again after the session was forgotten', async () => {
      const hydration = make(storeOf({ s: [says('assistant', block(todo('a')))] }).history)
      await hydration.todosOf(old)
      hydration.forget('s')
      assert.deepEqual(await hydration.todosOf(old), [todo('a')])
    })

    it('cannot be had while the history cannot be read, and can be afterwards', async () => {
      let broken = true
      const hydration = make(async () => {
        if (broken) throw new Error('no database')
        return [says('assistant', block(todo('a')))]
      })
      await assert.rejects(async () => hydration.todosOf(old), /no database/)
      broken = false
      assert.deepEqual(await hydration.todosOf(old), [todo('a')])
    })
  })
}

it('The cached list is read from the last 100 lines once, by all who ask at once together; then it is a look-up', async () => {
  const { reads, history } = storeOf({ s: [says('assistant', block(todo('long ago'))), ...chatter(100)] })
  const hydration = cachedHydration(history)
  assert.deepEqual(await Promise.all([hydration.todosOf(old), hydration.todosOf(old)]), [[], []])
  assert.ok(Array.isArray(hydration.todosOf(old)))
  assert.deepEqual(reads, [100])
})

it('Rescanning reads the whole history each time', async () => {
  const { reads, history } = storeOf({ s: [says('assistant', block(todo('long ago'))), ...chatter(100)] })
  const hydration = rescanningHydration(history)
  for (let turn = 0; turn < 3; turn++) assert.deepEqual(await hydration.todosOf(old), [todo('long ago')])
  assert.deepEqual(reads, [undefined, undefined, undefined])
})

describe('The cached list, while a scan is under way,', () => {
  const slow = () => {
    const read = Promise.withResolvers<Line[]>()
    return { read, hydration: cachedHydration(() => read.promise) }
  }

  it('is the one that a turn brings, whatever the scan finds', async () => {
    const { read, hydration } = slow()
    const scan = hydration.todosOf(old)
    const after = session(old.turns + 1, turnOf(block(todo('new'))))
    hydration.noteTurn(after)
    read.resolve([says('assistant', block(todo('old')))])
    assert.deepEqual(await scan, [todo('new')])
    assert.deepEqual(hydration.todosOf(after), [todo('new')])
  })

  it('is not kept for a session that was forgotten meanwhile', async () => {
    const { read, hydration } = slow()
    const scan = hydration.todosOf(old)
    hydration.forget('s')
    read.resolve([])
    await scan
    assert.ok(hydration.todosOf(old) instanceof Promise)
  })
})

describe('The cached list, where other workers complete turns of the session,', () => {
  const after = (turns: number, ...answers: string[]) => session(old.turns + turns, answers.flatMap(turnOf))

  it('is looked for in what was said last, and not read anew, while that is all that is new', async () => {
    const { reads, history } = storeOf({ s: [says('assistant', block(todo('a')))] })
    const hydration = cachedHydration(history)
    await hydration.todosOf(old)
    assert.deepEqual(hydration.todosOf(after(2, 'nothing', 'new')), [todo('a')])
    assert.deepEqual(hydration.todosOf(after(4, block(todo('b')), 'nothing new')), [todo('b')])
    assert.deepEqual(reads, [100])
  })

  it('is read anew where more than that is new', async () => {
    const store = storeOf({ s: [says('assistant', block(todo('a')))] })
    const hydration = cachedHydration(store.history)
    await hydration.todosOf(old)
    store.conversations.s!.push(...turnOf(block(todo('b'))), ...turnOf('nothing'), ...turnOf('new'))
    assert.deepEqual(await hydration.todosOf(after(3, 'nothing', 'new')), [todo('b')])
    assert.deepEqual(store.reads, [100, 100])
  })

  it('is not taken from a scan that began before the last turns', async () => {
    const first = Promise.withResolvers<Line[]>()
    const answers = [first.promise, Promise.resolve([says('assistant', block(todo('b')))])]
    const hydration = cachedHydration(() => answers.shift()!)
    const early = hydration.todosOf(old)
    assert.deepEqual(await hydration.todosOf(after(5)), [todo('b')])
    first.resolve([says('assistant', block(todo('a')))])
    await early
    assert.deepEqual(hydration.todosOf(after(5)), [todo('b')])
  })
})

it('A session without turns has no list, and nothing is read to know it', () => {
  const { reads, history } = storeOf({})
  assert.deepEqual(cachedHydration(history).todosOf(session(0)), [])
  assert.deepEqual(reads, [])
})
