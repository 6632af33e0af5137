import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { ciName, fingerprint, parseOpenFiles, readEnvironment } from '../../harness/record/environment.ts'
import { parseGitStatus } from '../../harness/record/git.ts'

const root = join(import.meta.dirname, '../..')

test('the environment of this machine is whole and survives JSON', async () => {
  const environment = await readEnvironment(root, true)
  assert.deepEqual(JSON.parse(JSON.stringify(environment)), environment)
  assert.match(environment.fingerprint, /^[0-9a-f]{12}$/)
  assert.equal(environment.node, process.version)
  assert.match(environment.weir, /^\d+\.\d+\.\d+$/)
  assert.ok(environment.cores >= 1 && environment.memoryMB > 100 && environment.limits.openFiles > 0)
  assert.equal(environment.instructionsCounted, true)
})

test('the fingerprint stays the same from call to call and between folders', async () => {
  const [one, other] = await Promise.all([readEnvironment(root), readEnvironment(tmpdir())])
  assert.equal(one.fingerprint, other.fingerprint)
})

const machine: Parameters<typeof fingerprint>[0] = {
  cpu: 'Some CPU @ 3 GHz',
  cores: 4,
  memoryMB: 7951,
  kernel: 'Linux 6.1.0',
  platform: 'linux x64',
  node: 'v24.21.0',
  limits: { openFiles: 20_000, listenBacklog: 4096, ephemeralPorts: [32_768, 60_999] },
  governor: null,
  virtualised: null,
}

const changes: [what: string, change: Partial<typeof machine>][] = [
  ['CPU', { cpu: 'Another CPU' }],
  ['number of cores', { cores: 8 }],
  ['number of CPUs that may be used', { usableCpus: 1 }],
  ['memory', { memoryMB: 16_000 }],
  ['kernel', { kernel: 'Linux 6.2.0' }],
  ['Node', { node: 'v24.22.0' }],
  ['limits', { limits: { ...machine.limits, openFiles: 1024 } }],
  ['governor', { governor: 'powersave' }],
]

for (const [what, change] of changes)
  test(`another ${what} gives another fingerprint`, () =>
    assert.notEqual(fingerprint({ ...machine, ...change }), fingerprint(machine)))

test('where all CPUs may be used the fingerprint is that of runs in which nobody asked', () =>
  assert.equal(fingerprint({ ...machine, usableCpus: 4 }), fingerprint(machine)))

test('a few MB of memory more after a reboot give the same fingerprint', () =>
  assert.equal(fingerprint({ ...machine, memoryMB: 7955 }), fingerprint(machine)))

test('the soft limit of open files is read, also where there is none', () => {
  const row = (soft: string) =>
    `Limit  Soft Limit  Hard Limit  Units\nMax open files            ${soft}    1048576   files\n`
  assert.equal(parseOpenFiles(row('1024')), 1024)
  assert.equal(parseOpenFiles(row('unlimited')), Number.MAX_SAFE_INTEGER)
  assert.equal(parseOpenFiles(''), null)
})

test('git status gives commit, branch and dirt', () => {
  const clean = '# branch.oid 1234abcd\n# branch.head main\n# branch.upstream origin/main\n# branch.ab +0 -0\n'
  assert.deepEqual(parseGitStatus(clean), { commit: '1234abcd', branch: 'main', dirty: false })
  assert.equal(parseGitStatus(`${clean}? new-file\n`)?.dirty, true)
  assert.equal(parseGitStatus('# branch.oid (initial)\n# branch.head main\n'), null)
})

test('a folder outside of any repository has no git state', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'weir-test-'))
  try {
    assert.equal((await readEnvironment(folder)).git, null)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

test('CI systems are known by their variables', () => {
  assert.equal(ciName({ CI: 'true', GITHUB_ACTIONS: 'true' }), 'GitHub Actions')
  assert.equal(ciName({ CI: '1' }), 'unknown CI')
  assert.equal(ciName({ CI: 'false' }), null)
  assert.equal(ciName({}), null)
})
