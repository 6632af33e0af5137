import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changesOf, grownMost } from '../../../reports/profile/difference.ts'
import { differentialFlame, type FlameFrame, flameOf } from '../../../reports/profile/flame.ts'
import { flameData } from '../../../reports/profile/flame-data.ts'
import { treeOf } from '../../../reports/profile/tree.ts'
import { cpuProfile, type Stack } from '../../support/cpu-profile.ts'

const treeIn = (root: string, ...stacks: Stack[]) =>
  treeOf([{ thread: 'main', profile: cpuProfile(stacks) }], { root, byLine: false })

const base = treeIn(
  '/srv/base',
  [['serve file:///srv/base/serve.ts:3'], 40],
  [['serve file:///srv/base/serve.ts:3', 'parse file:///srv/base/parse.ts:8'], 40],
  [['old file:///srv/base/old.ts:1'], 20],
)
// The same program in another checkout, in which lines moved.
const head = treeIn(
  '/srv/head',
  [['serve file:///srv/head/serve.ts:30'], 20],
  [['serve file:///srv/head/serve.ts:30', 'parse file:///srv/head/parse.ts:80'], 70],
  [['fresh file:///srv/head/fresh.ts:1'], 10],
)

test('Functions of two checkouts are the same by name and file, wherever they lie and on whichever line', () => {
  const changes = changesOf(base, head)
  assert.deepEqual(
    changes.map(({ name, file, line, self }) => [name, file, line, self]),
    [
      ['parse', 'parse.ts', 80, { before: 0.4, after: 0.7 }],
      ['serve', 'serve.ts', 30, { before: 0.4, after: 0.2 }],
      ['old', 'old.ts', 1, { before: 0.2, after: 0 }],
      ['fresh', 'fresh.ts', 1, { before: 0, after: 0.1 }],
    ].sort(([, , , a], [, , , b]) => grown(b) - grown(a)),
  )
})

const grown = (sides: unknown): number => {
  const { before, after } = sides as { before: number; after: number }
  return Math.abs(after - before)
}

test('What grew most is told without what shrank, the largest growth first and no more than asked for', () => {
  const names = (count: number) => grownMost(changesOf(base, head), count).map(({ name }) => name)
  assert.deepEqual(names(10), ['parse', 'fresh'])
  assert.deepEqual(names(1), ['parse'])
  assert.deepEqual(grownMost(changesOf(base, base), 10), [])
})

const below = (frame: FlameFrame, name: string): FlameFrame => frame.children.find((each) => each.name === name)!

test('In the flame of two each frame has the mean of its shares, its children never more than itself', () => {
  const flame = differentialFlame(base, head)
  assert.deepEqual([flame.share, flame.change], [1, 0])
  const [serve, old] = [below(flame, 'serve'), below(flame, 'old')]
  assert.ok(Math.abs(serve.share - 0.85) < 1e-9 && Math.abs(serve.change! - 0.1) < 1e-9)
  assert.ok(Math.abs(old.share - 0.1) < 1e-9 && Math.abs(old.change! + 0.2) < 1e-9)
  const assertFits = (frame: FlameFrame): void => {
    const sum = frame.children.reduce((total, each) => total + each.share, frame.self)
    assert.ok(Math.abs(sum - frame.share) < 1e-9, frame.name)
    frame.children.forEach(assertFits)
  }
  assertFits(flame)
})

test('However many functions there are, a page carries some thousand frames, each behind its parent', () => {
  const stacks = Array.from(
    { length: 1500 },
    (_, at): Stack => [[`f${at % 90} file:///a.ts:1`, `g${at} file:///b.ts:1`], 1],
  )
  const many = treeOf([{ thread: 'main', profile: cpuProfile(stacks) }], { root: '/', byLine: false })
  const { data, leftOut } = flameData(flameOf(many))
  assert.equal(data.frames.length + leftOut, 1 + 90 + 1500)
  assert.ok(data.frames.every(([parent], at) => parent < at))
  assert.equal(data.frames[0]![0], -1)
  const few = flameData(flameOf(treeIn('/', [['a'], 9999], [['b'], 1])))
  assert.deepEqual([few.data.functions.map(({ name }) => name), few.leftOut], [['all', 'a'], 1])
})
