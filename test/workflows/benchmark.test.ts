import assert from 'node:assert/strict'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { markOf } from '../../harness/gate/markdown.ts'
import { runStep, stepsOf, workflowText } from './steps.ts'

const text = workflowText('benchmark.yml')
const steps = stepsOf(text)
const comment = steps.find(({ name }) => name === 'Comment')!

test('The workflow has the steps of a gate, in this order', () => {
  assert.deepEqual(
    steps.map(({ name }) => name),
    [
      'Check out the head',
      'Check out the base',
      'Get Node',
      'Install both',
      'Gate',
      'Keep results, report and records',
      'Comment',
    ],
  )
  for (const { name, uses, run } of steps) assert.ok((uses === null) !== (run === null), name)
})

test('Actions are pinned by their major version, and nothing from a pull request is pasted into a script', () => {
  for (const { uses, run } of steps) {
    if (uses !== null) assert.match(uses, /^actions\/[a-z-]+@v\d+$/)
    assert.doesNotMatch(run ?? '', /\$\{\{/)
  }
})

test('It may read the code and write comments, nothing else, and keeps no token with the code', () => {
  assert.match(text, /\npermissions:\n {2}contents: read\n {2}pull-requests: write\n\n/)
  assert.match(text, /\n {2}pull_request:\n/)
  assert.match(text, /persist-credentials: false\n/)
  assert.deepEqual(
    steps.filter(({ env }) => Object.values(env).some((each) => each.includes('token'))).map(({ name }) => name),
    ['Comment'],
  )
})

test('A comment that cannot be written, as on pull requests from forks, fails nothing', () => {
  assert.equal(comment.continuesOnError, true)
  assert.match(comment.condition!, /head\.repo\.full_name == github\.repository/)
})

const mark = markOf('pr')
const context = {
  'github.token': 't',
  'github.repository': 'o/r',
  'github.event.pull_request.number': '7',
  'github.event.pull_request.head.sha': 'c0ffee',
  'github.server_url': 'https://github.com',
  'github.run_id': '9',
}

/** Runs the step with a stand-in for gh, which knows these comments. @returns what gh was asked for, one line a call */
async function commentOn(t: TestContext, known: string, hasResult = true) {
  const workspace = mkdtempSync(join(tmpdir(), 'weir-comment-'))
  t.after(() => rmSync(workspace, { recursive: true }))
  mkdirSync(join(workspace, 'results'))
  if (hasResult) writeFileSync(join(workspace, 'results', 'comment.md'), `${mark}\n### Gate\n`)
  writeFileSync(join(workspace, 'known'), known)
  writeFileSync(join(workspace, 'calls'), '')
  const gh = join(workspace, 'gh')
  writeFileSync(gh, '#!/bin/sh\nprintf "%s\\n" "$GH_TOKEN $*" >>calls\ncase "$*" in *--paginate*) cat known;; esac\n')
  chmodSync(gh, 0o755)
  const ended = await runStep(comment, workspace, context, { PATH: `${workspace}:${process.env.PATH}` })
  const [listed, ...changed] = readFileSync(join(workspace, 'calls'), 'utf8').split('\n').filter(Boolean)
  const written = join(workspace, 'results', 'comment.md')
  return { ended, listed, changed, body: existsSync(written) ? readFileSync(written, 'utf8') : null }
}

test('The first result of a pull request is a new comment', async (t) => {
  const { ended, listed, changed } = await commentOn(t, '11 Looks good to me\n12 <!-- weir-gate:other -->\n')
  assert.equal(ended.exitCode, 0, ended.stderr)
  assert.match(listed!, /^t api --paginate repos\/o\/r\/issues\/7\/comments --jq /)
  assert.deepEqual(changed, [
    't api --method POST repos/o/r/issues/7/comments --field body=@results/comment.md --silent',
  ])
})

test('A later result takes the place of the earlier one, which is known by its mark', async (t) => {
  const { ended, changed } = await commentOn(t, `11 Looks good to me\n12 ${mark}\r\n13 > ${mark}\n`)
  assert.equal(ended.exitCode, 0, ended.stderr)
  assert.deepEqual(changed, [
    't api --method PATCH repos/o/r/issues/comments/12 --field body=@results/comment.md --silent',
  ])
})

test('Without a result nothing is said where nothing was said before', async (t) => {
  const { ended, changed } = await commentOn(t, '11 Looks good to me\n', false)
  assert.deepEqual([ended.exitCode, changed], [0, []])
})

test('Without a result the comment of an earlier commit does not stay: it says that there is none, and where to look', async (t) => {
  const { ended, changed, body } = await commentOn(t, `12 ${mark}\n`, false)
  assert.equal(ended.exitCode, 0, ended.stderr)
  assert.equal(changed.length, 1)
  assert.match(changed[0]!, /--method PATCH repos\/o\/r\/issues\/comments\/12 /)
  assert.equal(
    body,
    `${mark}\n### Gate pr: no result\n\nNothing is known of c0ffee: [the log](https://github.com/o/r/actions/runs/9) says why.\n`,
  )
})
