import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { execa } from 'execa'
import { readGitState } from '../../harness/record/git.ts'

test('The state of a repository changes with any of its files but Markdown, and comes back with them', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'weir-git-'))
  t.after(() => rmSync(dir, { recursive: true }))
  const write = (name: string, text: string) => writeFileSync(join(dir, name), text)
  const git = (...args: string[]) => execa('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: dir })
  assert.equal(await readGitState(dir), null, 'outside of a repository')
  await git('init', '-q')
  write('server.js', 'one')
  write('.gitignore', 'ignored.js')
  await git('add', '.')
  await git('commit', '-qm', 'one')
  const clean = await readGitState(dir)
  assert.notEqual(clean, null)

  write('README.md', 'words')
  write('ignored.js', 'x')
  assert.equal(await readGitState(dir), clean)
  write('new.js', 'a')
  const withNew = await readGitState(dir)
  write('new.js', 'b')
  const withOther = await readGitState(dir)
  rmSync(join(dir, 'new.js'))
  write('server.js', 'two')
  const changed = await readGitState(dir)
  assert.equal(new Set([clean, withNew, withOther, changed]).size, 4)
  write('server.js', 'one')
  assert.equal(await readGitState(dir), clean)
  await git('commit', '-q', '--allow-empty', '-m', 'two')
  assert.notEqual(await readGitState(dir), clean)
})
