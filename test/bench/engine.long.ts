import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'

const hasNginx = existsSync('/usr/sbin/nginx')
const skip = hasNginx || process.env.WEIR_REQUIRE_ALL === '1' ? false : 'nginx is not installed'
const bench = join(import.meta.dirname, 'engine.ts')
const run = (...args: string[]) =>
  spawnSync(process.execPath, [bench, ...args], { encoding: 'utf8', timeout: 180_000, cwd: join(bench, '../../..') })

test('The bench of the engine prints every figure beside those of the other generators.', { skip }, () => {
  const { status, stdout, stderr } = run('--seconds', '0.3', '--rounds', '1', '--users', '20', '--sessions', '200')
  assert.equal(stderr, '')
  assert.equal(status, 0)
  assert.match(stdout, /^\d+ cores \(.*\), Node v\d+\.\d+\.\d+; nginx on core \S+, generators on core \S+/)
  assert.match(stdout, /requests\/s +from +to +to autocannon +to wrk +CPU us\/request +to autocannon +core busy/)
  for (const name of ['weir', 'autocannon'])
    assert.match(stdout, new RegExp(`^ +${name}( +[\\d.]+){4} +[\\d.-]+( +[\\d.]+){2} +\\d+%$`, 'm'))
  assert.match(stdout, /20 users initialised[\s\S]*ms +ms with 1 user +KB\/user\n +weir +\d+ +\d+ +-?[\d.]+$/m)
  assert.match(stdout, /200 WebSocket sessions, 200 of them open[\s\S]*weir +[\d.]+\n +reference gateway +-?[\d.]+$/m)
})

test('An option that does not exist is refused with those that do.', () => {
  const { status, stdout, stderr } = run('--second', '1')
  assert.equal(status, 1)
  assert.equal(stdout, '')
  assert.match(stderr, /--second\b[\s\S]*--seconds N/)
})
