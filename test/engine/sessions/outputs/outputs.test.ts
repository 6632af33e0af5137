import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { gunzipSync } from 'node:zlib'
import { prepareOutputs } from '../../../../harness/engine/sessions/outputs/table.ts'
import { rfc3339 } from '../../../../harness/engine/sessions/outputs/time.ts'
import { localServer } from '../k6/local-server.ts'
import { conduct, scriptFiles } from '../k6/run-script.ts'

interface Line {
  type: string
  metric: string
  data: { value: number; tags: Record<string, string>; metadata?: Record<string, string> }
}

/** Runs the script with this output. @param name of the file that it writes @returns what was written */
async function written(t: TestContext, type: string, name: string, source: string): Promise<Buffer> {
  const script = await scriptFiles(t, { 'script.js': source })
  const file = join(dirname(script), name)
  const outputs = [`${type}=${file}`]
  prepareOutputs(outputs, {})
  await conduct({ script, env: {}, options: {}, outputs }, { log: () => {} })
  return readFileSync(file)
}

const linesOf = (bytes: Buffer): Line[] =>
  bytes
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))

const source = (url: string): string => `
  import http from 'k6/http'
  import exec from 'k6/execution'
  import { check, group } from 'k6'
  import { Counter } from 'k6/metrics'
  const mine = new Counter('mine')
  export const options = { tags: { run: 'r' }, thresholds: { mine: ['count>0'], 'mine{a:b}': [] } }
  export default function () {
    http.get('${url}/echo?<&>', { tags: { name: 'short', number: 3 } })
    group('g', () => check(1, { fine: true }))
    exec.vu.metrics.metadata.trace = 'x'
    mine.add(2, { a: 'b' })
  }`

test('Each metric is announced before its first sample, and samples carry the tags that k6 gives them', async (t) => {
  const lines = linesOf(await written(t, 'json', 'out.json', source((await localServer(t)).url)))
  const points = (metric: string) => lines.filter((line) => line.type === 'Point' && line.metric === metric)
  for (const metric of new Set(lines.map((line) => line.metric)))
    assert.equal(lines.find((line) => line.metric === metric)?.type, 'Metric')
  const ofUser = { group: '', run: 'r', scenario: 'default' }
  assert.deepEqual(points('http_reqs')[0]?.data.tags, {
    ...ofUser,
    expected_response: 'true',
    method: 'GET',
    name: 'short',
    number: '3',
    proto: 'HTTP/1.1',
    status: '200',
    url: 'short',
  })
  assert.deepEqual(points('checks')[0]?.data.tags, { ...ofUser, check: 'fine', group: '::g' })
  const { value, tags, metadata } = points('mine')[0]!.data
  assert.deepEqual([value, tags, metadata], [2, { ...ofUser, a: 'b' }, { trace: 'x' }])
  assert.equal(points('http_reqs')[0]?.data.metadata, undefined)
  assert.deepEqual(points('data_sent')[0]?.data.tags, ofUser)
  assert.deepEqual([points('data_sent').length, points('iterations').length], [1, 1])
  assert.equal(points('http_req_queued').length, 0)
  assert.deepEqual(lines.find((line) => line.metric === 'mine')?.data, {
    name: 'mine',
    type: 'counter',
    contains: 'default',
    thresholds: ['count>0'],
    submetrics: [{ name: 'mine{a:b}', suffix: 'a:b', tags: { a: 'b' } }],
  })
})

test('CSV has a column for each system tag, and one for all others', async (t) => {
  const text = (await written(t, 'csv', 'out.csv', source((await localServer(t)).url))).toString()
  const [header, first] = text.split('\n').map((line) => line.split(','))
  assert.equal(
    header!.join(),
    'metric_name,timestamp,metric_value,check,error,error_code,expected_response,group,method,name,proto,scenario,service,status,subproto,tls_version,url,extra_tags,metadata',
  )
  assert.deepEqual(
    [first![0], first![2], first![9], first!.at(-2)],
    ['http_reqs', '1.000000', 'short', 'number=3&run=r'],
  )
  assert.match(first![1]!, /^\d{10}$/)
})

test('A file whose name ends in .gz is compressed', async (t) => {
  const bytes = await written(t, 'json', 'out.json.gz', `export default function () {}`)
  assert.ok(linesOf(gunzipSync(bytes)).some(({ metric }) => metric === 'iterations'))
})

test('systemTags says which tags there are; vu and iter are metadata', async (t) => {
  const script = `export const options = { systemTags: ['iter', 'vu'] }
    export default function () {}`
  const lines = linesOf(await written(t, 'json', 'out.json', script))
  const { tags, metadata } = lines.find((line) => line.type === 'Point' && line.metric === 'iterations')!.data
  assert.deepEqual([tags, metadata], [{}, { iter: '0', vu: '1' }])
})

for (const [spec, message] of [
  ['bogus=1', /invalid output type "bogus"\. There are: csv, json/],
  ['csv=foo=bar', /option --out csv: setting.*"foo" does not exist/],
  ['json=/nowhere/at/all', /option --out: "\/nowhere\/at\/all" cannot be written/],
] as const) {
  test(`--out ${spec} is refused before any load`, () => {
    assert.throws(() => prepareOutputs([spec], {}), { name: 'UserError', message })
  })
}

test('Times have up to six digits behind the second, and no trailing zeros', () => {
  const withoutZone = (ms: number) =>
    rfc3339(ms)
      .replace(/(Z|[+-]\d\d:\d\d)$/, '')
      .slice(17)
  assert.deepEqual([5000, 5500, 5000.25, 5999.5].map(withoutZone), ['05', '05.5', '05.00025', '05.9995'])
})
