import assert from 'node:assert/strict'
import { it } from 'node:test'
import { type DnsRules, defaultDns, NameLookup } from '../../../../harness/engine/sessions/transport/name-lookup.ts'

const both = ['10.0.0.1', 'fd00::1', '10.0.0.2']

/** A resolver that answers when told to, and counts. */
function resolver(addresses: string[] = both) {
  const asked: string[] = []
  const answers: (() => void)[] = []
  const resolve = (name: string, callback: (error: Error | null, found: string[]) => void): void => {
    asked.push(name)
    answers.push(() => callback(addresses.length > 0 ? null : new Error('nothing'), addresses))
  }
  return { asked, resolve, answer: () => answers.splice(0).forEach((each) => void each()) }
}

function find(rules: Partial<DnsRules>, times: number, addresses = both): string[] {
  const { resolve, answer } = resolver(addresses)
  const names = new NameLookup({ ...defaultDns, ...rules }, resolve)
  const found: string[] = []
  for (let turn = 0; turn < times; turn++) {
    names.find('a.test', (error, address) => found.push(error ? 'error' : address))
    answer()
  }
  return found
}

it('asks once for a name that many want at a time, and not again while the answer lasts', () => {
  const { asked, resolve, answer } = resolver()
  const names = new NameLookup(defaultDns, resolve)
  let found = 0
  for (let user = 0; user < 100; user++) names.find('a.test', () => found++)
  assert.equal(found, 0)
  answer()
  names.find('a.test', () => found++)
  assert.deepEqual([asked, found], [['a.test'], 101])
})

it('asks anew each time where ttl is 0, and goes on in turn all the same', () => {
  const { asked, resolve, answer } = resolver()
  const names = new NameLookup({ ...defaultDns, ttlMs: 0, select: 'roundRobin' }, resolve)
  const found: string[] = []
  for (let turn = 0; turn < 3; turn++) {
    names.find('a.test', (_, address) => found.push(address))
    answer()
  }
  assert.deepEqual([asked.length, found], [3, ['10.0.0.1', '10.0.0.2', '10.0.0.1']])
})

for (const [policy, expected] of [
  ['preferIPv4', ['10.0.0.1', '10.0.0.2', '10.0.0.1']],
  ['onlyIPv4', ['10.0.0.1', '10.0.0.2', '10.0.0.1']],
  ['preferIPv6', ['fd00::1', 'fd00::1', 'fd00::1']],
  ['onlyIPv6', ['fd00::1', 'fd00::1', 'fd00::1']],
  ['any', ['10.0.0.1', 'fd00::1', '10.0.0.2']],
] as const) {
  it(`takes addresses in turn by the policy ${policy}`, () => {
    assert.deepEqual(find({ policy, select: 'roundRobin' }, 3), expected)
  })
}

it('takes the first, or any of them', () => {
  assert.deepEqual(find({ select: 'first' }, 3), ['10.0.0.1', '10.0.0.1', '10.0.0.1'])
  assert.deepEqual(new Set(find({ select: 'random' }, 200)), new Set(['10.0.0.1', '10.0.0.2']))
})

it('takes the other kind where the preferred one is missing, and fails where only one kind may be', () => {
  assert.deepEqual(find({ policy: 'preferIPv6' }, 1, ['10.0.0.1']), ['10.0.0.1'])
  assert.deepEqual(find({ policy: 'onlyIPv6' }, 1, ['10.0.0.1']), ['error'])
})

it('remembers no failure', () => {
  const { asked, resolve, answer } = resolver([])
  const names = new NameLookup(defaultDns, resolve)
  let failed = 0
  for (let turn = 0; turn < 2; turn++) {
    names.find('a.test', (error) => (failed += error ? 1 : 0))
    answer()
  }
  assert.deepEqual([asked.length, failed], [2, 2])
})
