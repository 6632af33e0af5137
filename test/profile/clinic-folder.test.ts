import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { withWholePaths } from '../../harness/profile/clinic/folder.ts'

test('Only paths that lead out of the folder are told as they are from anywhere', (t) => {
  const root = mkdtempSync(join(tmpdir(), 'weir-clinic-folder-'))
  t.after(() => rmSync(root, { recursive: true }))
  for (const name of ['own', 'own/data', 'shared']) mkdirSync(join(root, name))
  for (const name of ['own/server.mjs', 'shared/settings.json']) writeFileSync(join(root, name), '')
  const args = [
    ['node', 'server.mjs', './server.mjs', 'data', '.', 'mode=data'],
    ['../shared/settings.json', '--settings=../shared/settings.json', '..'],
    ['../nowhere.json', '--settings', '..shared', '--ratio=..'],
  ].flat()
  assert.deepEqual(withWholePaths(args, join(root, 'own')), [
    ...['node', 'server.mjs', './server.mjs', 'data', '.', 'mode=data'],
    ...[join(root, 'shared/settings.json'), `--settings=${join(root, 'shared/settings.json')}`, root],
    ...['../nowhere.json', '--settings', '..shared', `--ratio=${root}`],
  ])
})
