import assert from 'node:assert/strict'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { execa } from 'execa'
import { runStep, stepsOf, workflowText } from './steps.ts'

const cli = join(import.meta.dirname, '..', '..', 'harness', 'cli.ts')

const server = `import { createServer } from 'node:http'
import { appendFileSync } from 'node:fs'
appendFileSync(process.env.STARTS, process.cwd() + '\\n')
createServer((_, response) => response.end('ok')).listen(Number(process.argv[2]), '127.0.0.1')
`
const script = `import http from 'k6/http'
export const options = {
  scenarios: { main: { executor: 'constant-arrival-rate', rate: 20, duration: '1s', preAllocatedVUs: 2 } },
  ext: { weir: { primary: 'http_req_duration p(50)' } },
}
export default function () { http.get(__ENV.BASE_URL) }
`
/** The gate has the name that the workflow asks for. */
const config = (starts: string) => `export default {
  variants: { app: { command: ['{node}', 'server.mjs', '{port}'], env: { STARTS: '${starts}' }, ready: { http: '/' } } },
  scenarios: { load: { script: 'load.js', warmup: false } },
  campaigns: {},
  gates: { pr: { base: 'app@../base', head: 'app', budget: '15s', scenarios: { load: { limits: { http_req_failed: ['rate<0.01'] } } } } },
}
`

/** What the workflow finds on its machine: a merge that was checked out, and an npm that needs no registry. */
async function makeWorkspace(workspace: string): Promise<void> {
  const head = join(workspace, 'head')
  const git = (...args: string[]) => execa('git', args, { cwd: head, env: gitEnvironment })
  mkdirSync(head)
  for (const [name, text] of Object.entries({ 'server.mjs': server, 'load.js': script, '.gitignore': '.weir\n' }))
    writeFileSync(join(head, name), text)
  writeFileSync(join(head, 'weir.config.ts'), config(join(workspace, 'starts')))
  await git('init', '-q', '-b', 'main')
  await git('add', '.')
  await git('commit', '-q', '-m', 'what is merged into')
  await git('checkout', '-q', '-b', 'change')
  await git('commit', '-q', '--allow-empty', '-m', 'the change')
  await git('checkout', '-q', 'main')
  await git('merge', '-q', '--no-ff', '-m', 'the merge', 'change')
  mkdirSync(join(workspace, 'bin'))
  const npm = join(workspace, 'bin', 'npm')
  writeFileSync(
    npm,
    `#!/bin/sh
case "$1 $2 $3 $4" in
  "run --silent weir --") shift 4; exec ${process.execPath} ${cli} "$@" ;;
  "ci "*) pwd >>${join(workspace, 'installed')} ;;
  *) echo "no such npm: $*" >&2; exit 1 ;;
esac
`,
  )
  chmodSync(npm, 0o755)
}

const gitEnvironment = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  ...{
    GIT_AUTHOR_NAME: 'a',
    GIT_AUTHOR_EMAIL: 'a@localhost',
    GIT_COMMITTER_NAME: 'a',
    GIT_COMMITTER_EMAIL: 'a@localhost',
  },
}

test('The steps of the workflow compare a merge with what it is merged into', { timeout: 120_000 }, async (t) => {
  const workspace = mkdtempSync(join(tmpdir(), 'weir-workflow-'))
  t.after(() => rmSync(workspace, { recursive: true }))
  await makeWorkspace(workspace)
  const summary = join(workspace, 'summary.md')
  const env = { ...gitEnvironment, PATH: `${join(workspace, 'bin')}:${process.env.PATH}`, GITHUB_STEP_SUMMARY: summary }
  const own = stepsOf(workflowText('benchmark.yml')).filter(({ run, name }) => run !== null && name !== 'Comment')
  const ended = []
  for (const step of own) ended.push(await runStep(step, workspace, {}, env))
  const [checkedOut, installed, gate] = ended
  assert.deepEqual([checkedOut?.exitCode, installed?.exitCode], [0, 0], `${checkedOut?.stderr}${installed?.stderr}`)
  const lines = (name: string) => readFileSync(join(workspace, name), 'utf8').split('\n').filter(Boolean)
  assert.deepEqual(lines('installed'), [join(workspace, 'base'), join(workspace, 'head')])
  assert.deepEqual([...new Set(lines('starts'))].sort(), [join(workspace, 'base'), join(workspace, 'head')])
  const read = (name: string) => readFileSync(join(workspace, 'results', name), 'utf8')
  const result = JSON.parse(read('gate.json'))
  // So few pairs decide nothing; on a busy machine none of them may be valid.
  assert.ok(['inconclusive', 'invalid'].includes(result.outcome), JSON.stringify(result.findings))
  assert.equal(gate?.exitCode, result.exitCode, `${gate?.stdout}\n${gate?.stderr}`)
  assert.deepEqual([result.base, result.head], ['app@../base', 'app'])
  assert.match(read('comment.md'), /^<!-- weir-gate:pr -->\n### Gate /)
  assert.match(read('junit.xml'), /^<\?xml/)
  assert.equal(`${read('comment.md').split('\n').slice(1).join('\n')}\n`, readFileSync(summary, 'utf8'))
  const [run] = readdirSync(join(workspace, 'head', '.weir', 'runs'))
  assert.ok(existsSync(join(workspace, 'head', '.weir', 'runs', run!, 'report.html')))
})
