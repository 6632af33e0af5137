import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { execaSync } from 'execa'
import {
  type CpuFacts,
  cpuCount,
  decidePinning,
  formatCpuList,
  parseCpuList,
  readCpuFacts,
} from '../../harness/target/pinning.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const alone = (cpu: number) => [cpu]
const pairs = (cpu: number) => (cpu % 2 === 0 ? [cpu, cpu + 1] : [cpu - 1, cpu])

const cases: [title: string, facts: CpuFacts, target: string | null, rest: string | null, note: RegExp][] = [
  ['two cores', { allowed: [0, 1], siblingsOf: alone, taskset: true }, '1', '0', /a core of its own/],
  [
    'a gap in the list',
    { allowed: [0, 1, 2, 6, 7], siblingsOf: alone, taskset: true },
    '7',
    '0-2,6',
    /a core of its own/,
  ],
  ['hyper-threads', { allowed: [0, 1, 2, 3], siblingsOf: pairs, taskset: true }, '3', '0-1', /a core of its own/],
  ['one core with two threads', { allowed: [0, 1], siblingsOf: pairs, taskset: true }, '1', '0', /shares a core/],
  ['unknown topology', { allowed: [0, 1], siblingsOf: () => [], taskset: true }, '1', '0', /a core of its own/],
  ['one CPU', { allowed: [3], siblingsOf: alone, taskset: true }, null, null, /only one CPU/],
  ['no taskset', { allowed: [0, 1], siblingsOf: alone, taskset: false }, null, null, /taskset is not installed/],
  ['no /proc', { allowed: null, siblingsOf: alone, taskset: true }, null, null, /does not tell which CPUs/],
]

for (const [title, facts, target, rest, note] of cases)
  test(`with ${title} the target is given ${target ?? 'nothing'} and the rest ${rest ?? 'nothing'}`, () => {
    const decision = decidePinning(facts)
    assert.deepEqual([decision.target, decision.rest], [target, rest])
    assert.match(decision.note, note)
  })

test('a target that is to have several cores gets them as far as there are any', () => {
  const facts: CpuFacts = { allowed: [0, 1, 2, 3, 4, 5], siblingsOf: alone, taskset: true }
  const { target, rest, note } = decidePinning(facts, 4)
  assert.deepEqual([target, rest, note], ['2-5', '0-1', 'the target runs on 4 CPUs of its own'])
  const few = decidePinning({ ...facts, allowed: [0, 1] }, 4)
  assert.deepEqual([few.target, few.rest, cpuCount(few)], ['1', '0', 1])
  const threads = decidePinning({ ...facts, siblingsOf: pairs }, 3)
  assert.deepEqual([threads.target, threads.rest], ['3-5', '0-1'])
})

test('CPU lists are read and written as the kernel and taskset write them', () => {
  for (const list of ['0', '0-1', '0-2,8', '1,3,5-7']) assert.equal(formatCpuList(parseCpuList(list)), list)
  assert.deepEqual(parseCpuList('0-2,8\n'), [0, 1, 2, 8])
  assert.deepEqual(parseCpuList(''), [])
})

test('a process that has left the CPU of one target still finds it for the next', { skip: cannotPin() }, () => {
  const script = `
    import { decidePinning, readCpuFacts, stayOff } from './harness/target/pinning.ts'
    const first = decidePinning(readCpuFacts())
    await stayOff(first)
    console.log(JSON.stringify([first, decidePinning(readCpuFacts())]))`
  const { stdout } = execaSync('node', ['--input-type=module-typescript', '--eval', script], { cwd: root })
  const [first, second] = JSON.parse(stdout)
  assert.notEqual(first.target, null)
  assert.deepEqual(second, first)
})

function cannotPin(): string | false {
  const { allowed, taskset } = readCpuFacts()
  return allowed && allowed.length > 1 && taskset ? false : 'needs taskset and two CPUs'
}

test('this machine tells its CPUs', { skip: process.platform !== 'linux' }, () => {
  assert.ok(readCpuFacts().allowed!.length >= 1)
})
