import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { load } from '../../harness/commands/load.ts'
import { UserError } from '../../harness/errors.ts'
import { type Finished, runWeir, startWeir } from '../end-to-end/weir.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-load-'))
const server = createServer((request, response) => {
  response.statusCode = request.url === '/missing' ? 404 : 200
  response.end('hello')
})
let url = ''

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
after(() => {
  server.closeAllConnections()
  server.close()
  rmSync(dir, { recursive: true })
})

function script(name: string, text: string): string {
  writeFileSync(join(dir, name), text)
  return name
}

async function loadAsProcess(...args: string[]): Promise<Finished> {
  const finished = await runWeir(dir, ['load', ...args])
  assert.deepEqual(finished.leftOver, [], 'nothing is left running')
  return finished
}

const empty = 'export default function () {}\n'

describe("weir load ends with k6's exit code", () => {
  it('107 when setup() throws, with the place of it and without an iteration', async () => {
    const name = script(
      'setup.js',
      `export function setup() {
         throw new Error('no setup')
       }
       export default function () { console.log('iterating') }\n`,
    )
    const { code, stderr } = await loadAsProcess('-q', '--no-summary', name)
    assert.equal(code, 107)
    assert.match(stderr, /no setup[\s\S]*setup\.js:2/)
    assert.equal(stderr.match(/setup\(\) threw/g)?.length, 1)
    assert.doesNotMatch(stderr, /iterating/)
  })

  it('108 when the script aborts the test, with its words', async () => {
    const name = script(
      'abort.js',
      "import exec from 'k6/execution'\nexport default function () { exec.test.abort('enough') }\n",
    )
    const { code, stdout, stderr } = await loadAsProcess('-q', '--no-summary', name)
    assert.equal(code, 108)
    assert.equal(stdout, '')
    assert.equal(stderr.match(/test aborted: enough/g)?.length, 1)
  })

  it('105 when it is interrupted, after teardown and with a summary', async () => {
    const name = script(
      'long.js',
      `import { sleep } from 'k6'
       export function teardown() { console.log('torn down') }
       export default function () { console.log('iterating'); sleep(60) }\n`,
    )
    const weir = startWeir(dir, ['load', '-d', '1h', name])
    await weir.says('iterating')
    weir.process.kill('SIGINT')
    const { code, stdout, stderr, leftOver } = await weir.finished
    assert.equal(code, 105)
    assert.match(stderr, /torn down/)
    assert.match(stdout, /█ TOTAL RESULTS /)
    assert.deepEqual(leftOver, [])
  })
})

describe('weir load refuses before anything runs', () => {
  const good = () => script('good.js', empty)
  const refused: [code: number, title: string, args: () => string[], message: RegExp][] = [
    [104, 'no script', () => [], /^weir load needs a script: weir load <script> \[options\]$/],
    [104, 'two scripts', () => [good(), 'b.js'], /^weir load takes one script, found also: b\.js$/],
    [104, 'a missing script', () => ['gone.js'], /^the script "gone\.js" does not exist \(looked for \/.*\)$/],
    [
      104,
      'an unknown option',
      () => ['--vsu', '3', good()],
      /^option "--vsu" does not exist\. Did you mean "--vus"\? It is one of: --vus \(-u\), --duration \(-d\), .*--quiet \(-q\)/,
    ],
    [
      104,
      'an option without its value',
      () => [good(), '--vus'],
      /^option --vus: expected a value behind it, found none/,
    ],
    [104, 'users that are no number', () => ['-u', 'many', good()], /^option --vus: expected a whole number .*"many"$/],
    [104, 'a stage without users', () => ['-s', '10s', good()], /^option --stage: expected TIME:USERS .*"10s"$/],
    [104, 'a stage with more', () => ['-s', '1s:5:7', good()], /^option --stage: expected TIME:USERS .*"1s:5:7"$/],
    [
      104,
      'a variable with a name that is none',
      () => ['-e', '1A=b', good()],
      /^option --env: expected KEY=VALUE .*found "1A=b"$/,
    ],
    [
      104,
      'a flag that takes the script for its value',
      () => ['-u', good()],
      /^option --vus: expected a whole number .*good\.js"$/,
    ],
    [
      104,
      'a negative number',
      () => ['-u', '-1', good()],
      /^option --vus: expected a whole number of at least 0, found "-1"$/,
    ],
    [
      104,
      'a flag for a value',
      () => ['--config', '--quiet', good()],
      /^option --config: expected a value behind it, found none/,
    ],
    [
      104,
      'a duration without its unit',
      () => ['-d', '5', good()],
      /^option --duration: expected a duration with its unit .*"5"$/,
    ],
    [104, 'a stage without its unit', () => ['-s', '5:5', good()], /^option --stage: expected TIME:USERS .*"5:5"$/],
    [104, 'an unknown type', () => ['-t', 'bad', good()], /^option --type: expected js or archive, found "bad"$/],
    [
      104,
      'an unknown mode',
      () => ['--compatibility-mode', 'bad', good()],
      /^option --compatibility-mode: expected extended or .*"bad"$/,
    ],
    [
      104,
      'an export into a folder that is not there',
      () => ['--summary-export', join(dir, 'no/such.json'), good()],
      /^option --summary-export: ".*no\/such\.json" cannot be written: its folder does not exist/,
    ],
    [104, 'a duration that is none', () => ['-d', 'soon', good()], /duration.*"soon"/],
    [
      107,
      'a script that throws at its top level, with the place of it',
      () => [script('top.js', `const a = 1\nthrow new Error('no init')\n${empty}`)],
      /no init[\s\S]*top\.js:2/,
    ],
    [
      107,
      'an unknown import, with its place and the modules that there are',
      () => [script('import.js', `\nimport grpc from 'k6/net/grpc'\n${empty}`)],
      /^import\.js:2:\d+: module "k6\/net\/grpc" .*k6\/http/,
    ],
    [
      107,
      'a script that cannot be parsed, with the place',
      () => [script('syntax.js', `${empty}\nexport const a = ;\n`)],
      /^syntax\.js:3:\d+: the script does not parse/,
    ],
  ]
  for (const [exitCode, title, args, message] of refused) {
    it(`${title}: ${exitCode}`, async () => {
      const given = args().map((arg) => (arg.endsWith('.js') && arg !== 'gone.js' ? join(dir, arg) : arg))
      await assert.rejects(
        async () => load.run(given, new AbortController().signal),
        (error: unknown) => {
          assert.ok(error instanceof UserError, String(error))
          assert.match(error.message.replaceAll(`${dir}/`, ''), message)
          assert.equal(error.exitCode, exitCode)
          return true
        },
      )
    })
  }
})

/** As k6 v1.8 writes it with --summary-export for the script below, without what it measured. */
const trendKeys = ['avg', 'max', 'med', 'min', 'p(90)', 'p(95)']
const shapeOfK6 = {
  checks: ['fails', 'passes', 'thresholds', 'value'],
  data_received: ['count', 'rate'],
  data_sent: ['count', 'rate'],
  group_duration: trendKeys,
  http_req_blocked: trendKeys,
  http_req_connecting: trendKeys,
  http_req_duration: [...trendKeys, 'thresholds'],
  'http_req_duration{scenario:default}': [...trendKeys, 'thresholds'],
  http_req_failed: ['fails', 'passes', 'value'],
  http_req_receiving: trendKeys,
  http_req_sending: trendKeys,
  http_req_tls_handshaking: trendKeys,
  http_req_waiting: trendKeys,
  http_reqs: ['count', 'rate'],
  iteration_duration: trendKeys,
  iterations: ['count', 'rate'],
  my_counter: ['count', 'rate', 'thresholds'],
  my_gauge: ['max', 'min', 'value'],
  my_rate: ['fails', 'passes', 'value'],
  my_time: trendKeys,
  my_trend: trendKeys,
}

const everything = `
import http from 'k6/http'
import { check, group } from 'k6'
import { Counter, Gauge, Rate, Trend } from 'k6/metrics'
const trend = new Trend('my_trend'), time = new Trend('my_time', true)
const rate = new Rate('my_rate'), gauge = new Gauge('my_gauge'), counter = new Counter('my_counter')
export const options = {
  vus: 7,
  iterations: 7,
  thresholds: {
    http_req_duration: ['p(95)<60000'],
    'http_req_duration{scenario:default}': ['max<0'],
    my_counter: ['count==12'],
    checks: ['rate>0.1'],
  },
}
export default function () {
  const response = http.get(__ENV.URL + '/')
  check(response, { 'is 200': ({ status }) => status === 200 })
  group('outer', () => {
    check(response, { 'is 201': ({ status }) => status === 201 })
    http.get(__ENV.URL + '/missing')
  })
  trend.add(1); trend.add(2); time.add(3); rate.add(true); rate.add(false); gauge.add(5); counter.add(3)
}
`

describe('weir load writes what it measured', () => {
  it("in k6's export format, with flags above the script's own options", async () => {
    const name = script('everything.js', everything)
    const { code, stdout, stderr } = await loadAsProcess(
      '-u',
      '2',
      '-i',
      '4',
      '-e',
      `URL=${url}`,
      '--summary-export',
      's.json',
      name,
    )
    assert.equal(code, 99)
    assert.match(stdout, /^ {2}default: 2 users, 4 iterations shared among them/)
    assert.match(stdout, /\{scenario:default\}\n +✗ 'max<0' max=/)
    assert.equal(stderr, 'weir: thresholds were crossed: http_req_duration{scenario:default}: max<0\n')

    const { metrics, root_group } = JSON.parse(readFileSync(join(dir, 's.json'), 'utf8'))
    for (const [metric, keys] of Object.entries(shapeOfK6))
      assert.deepEqual(Object.keys(metrics[metric] ?? {}).sort(), keys, metric)
    assert.equal(metrics.http_reqs.count, 8)
    assert.equal(metrics.iterations.count, 4)
    assert.deepEqual(metrics.http_req_failed, { passes: 4, fails: 4, value: 0.5 })
    assert.deepEqual(metrics.checks, { passes: 4, fails: 4, value: 0.5, thresholds: { 'rate>0.1': false } })
    assert.deepEqual(metrics['http_req_duration{scenario:default}'].thresholds, { 'max<0': true })
    assert.deepEqual(metrics.my_counter.thresholds, { 'count==12': false })
    assert.deepEqual(metrics.my_gauge, { value: 5, min: 5, max: 5 })
    assert.deepEqual(metrics.my_time, { avg: 3, min: 3, med: 3, max: 3, 'p(90)': 3, 'p(95)': 3 })
    assert.deepEqual(Object.keys(root_group).sort(), ['checks', 'groups', 'id', 'name', 'path'])
    assert.deepEqual([root_group.checks['is 200'].passes, root_group.checks['is 200'].fails], [4, 0])
    assert.equal(root_group.groups.outer.checks['is 201'].path, '::outer::is 201')
  })

  it('with the statistics that the script asks for, and goes on after an iteration that threw', async () => {
    const text = `export const options = { summaryTrendStats: ['count', 'p(99.90)'] }
      export default function () {
        throw new Error('oh no')
      }\n`
    const name = script('stats.js', text)
    const { code, stdout, stderr } = await loadAsProcess('-q', '-i', '3', '--summary-export', 't.json', name)
    assert.equal(code, 0)
    assert.equal(stderr.match(/oh no[\s\S]*?stats\.js:3/g)?.length, 3)
    assert.doesNotMatch(stdout, /0s of/)
    const { metrics } = JSON.parse(readFileSync(join(dir, 't.json'), 'utf8'))
    assert.deepEqual(Object.keys(metrics.iteration_duration), ['count', 'p(99.90)'])
    assert.equal(metrics.iteration_duration.count, 3)
    assert.match(stdout, /iteration_duration\.+: count=3 +p\(99\.90\)=/)
  })
})

describe('weir load takes what k6 takes', () => {
  it('a variable without a value is empty, and the legacy summary is a compact one', async () => {
    const name = script('empty.js', 'export default function () { console.log("[" + __ENV.NAME + "]") }\n')
    const { code, stdout, stderr } = await loadAsProcess('-q', '-e', 'NAME', '--summary-mode', 'legacy', name)
    assert.match(stderr, /\[\]/)
    assert.match(stderr, /warn: option --summary-mode: there is no "legacy" summary/)
    assert.match(stdout, /TOTAL RESULTS/)
    assert.equal(code, 0)
  })
})
