import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseCpuProfile } from '../../../reports/profile/cpu-profile.ts'
import { functionsOf } from '../../../reports/profile/functions.ts'
import { placeOf } from '../../../reports/profile/place.ts'
import { isEmpty, treeOf } from '../../../reports/profile/tree.ts'
import { cpuProfile, type Stack } from '../../support/cpu-profile.ts'

const setting = { root: '/srv/app', byLine: true }
const main = (...stacks: Stack[]) => [{ thread: 'main' as const, profile: cpuProfile(stacks) }]
const [serve, parse] = ['serve file:///srv/app/src/serve.ts:3', 'parse file:///srv/app/src/parse.ts:8']

const rounded = (functions: ReturnType<typeof functionsOf>) =>
  functions.map(({ name, self, total }) => [name, Math.round(100 * self), Math.round(100 * total)])

test('Shares are of the work: a function has its own, and that of all that it calls', () => {
  const tree = treeOf(main([[serve], 10], [[serve, parse], 30], [['(idle)'], 500]), setting)
  assert.deepEqual(rounded(functionsOf(tree, true)), [
    ['parse', 75, 75],
    ['serve', 25, 100],
  ])
  assert.equal(tree.samples, 40)
  assert.equal(tree.idleUs, 500_000)
})

test('A function that calls itself is counted once in its total', () => {
  const tree = treeOf(main([[parse, parse, parse], 10], [[serve], 10]), setting)
  assert.deepEqual(rounded(functionsOf(tree, true)), [
    ['parse', 50, 50],
    ['serve', 50, 50],
  ])
})

test('A gap in which something else had the CPU counts as a short one', () => {
  const [taken] = main([[serve], 50], [[parse], 50])
  taken!.profile.timeDeltas[10] = 5_000_000
  const [one, other] = functionsOf(treeOf([taken!], setting), true)
  assert.ok(Math.abs(one!.self - other!.self) < 0.05, `${one!.self} and ${other!.self}`)
})

test('Threads stand beside each other, the main one by itself and all others together', () => {
  const worker = { thread: 'worker' as const, profile: cpuProfile([[[parse], 20]]) }
  const tree = treeOf([...main([[serve], 60]), worker, worker], setting)
  const groups = [...tree.root.children.values()].map(({ name, totalUs }) => [name, totalUs])
  assert.deepEqual(groups, [
    ['main thread', 60_000],
    ['worker threads', 40_000],
  ])
  assert.deepEqual(rounded(functionsOf(tree, true)), [
    ['serve', 60, 60],
    ['parse', 40, 40],
  ])
})

test('Functions of one name in one file are told apart by line, or are one where versions are compared', () => {
  const threads = main([[' file:///srv/app/a.ts:1'], 10], [[' file:///srv/app/a.ts:9'], 10])
  assert.deepEqual(
    [true, false].map((byLine) => functionsOf(treeOf(threads, { ...setting, byLine }), byLine).length),
    [2, 1],
  )
})

const places: [url: string, file: string, kind: string][] = [
  ['file:///srv/app/src/a%20b.ts?v=1', 'src/a b.ts', 'own'],
  ['/srv/app/src/a.js', 'src/a.js', 'own'],
  ['file:///srv/lib/a.js', '../lib/a.js', 'own'],
  ['file:///opt/tool/preload.mjs', '/opt/tool/preload.mjs', 'own'],
  ['file:///elsewhere/node_modules/x/node_modules/y/index.js', 'node_modules/y/index.js', 'package'],
  ['node:internal/timers', 'node:internal/timers', 'node'],
  ['', '', 'engine'],
  ['file:///srv/app/%E0%A4%A.ts', '%E0%A4%A.ts', 'own'],
]
for (const [url, file, kind] of places) {
  test(`A function of "${url}" is of "${file}"`, () => {
    const place = placeOf({ functionName: '', url, lineNumber: 0 }, '/srv/app')
    assert.deepEqual(place, { name: '(anonymous)', file, kind })
  })
}

test('A profile in which nothing was done is empty, whatever it waited', () => {
  for (const stacks of [[], [[['(idle)'], 100] as const]]) assert.ok(isEmpty(treeOf(main(...stacks), setting)))
  assert.ok(isEmpty(treeOf([], setting)))
})

test('What is no CPU profile is refused by the name of its file', () => {
  assert.throws(() => parseCpuProfile('{"nodes":[', 'a.cpuprofile'), /^UserError: a\.cpuprofile is not valid JSON/)
  for (const text of ['null', '{}', '{"nodes":[{"id":1}],"samples":[],"timeDeltas":[]}'])
    assert.throws(() => parseCpuProfile(text, 'a.cpuprofile'), /^UserError: a\.cpuprofile is no CPU profile/)
  const profile = cpuProfile([[[serve], 2]])
  assert.deepEqual(parseCpuProfile(JSON.stringify(profile), 'a.cpuprofile'), profile)
})
