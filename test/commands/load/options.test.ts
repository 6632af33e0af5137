import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readLoadArguments } from '../../../harness/commands/load/arguments.ts'
import { loadFlags, loadHelp, variableOf } from '../../../harness/commands/load/flags.ts'
import { openLog } from '../../../harness/commands/load/log.ts'
import { idleFlags, optionsFromOutside, readConfigFile } from '../../../harness/commands/load/options.ts'
import { openScript } from '../../../harness/commands/load/script.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-load-options-'))
after(() => rmSync(dir, { recursive: true }))

const options = (args: string[], env: Record<string, string> = {}) => optionsFromOutside(readLoadArguments(args), env)

/** What `k6 run --help` of v1.8 lists. */
const flagsOfK6 = [
  'vus', 'duration', 'iterations', 'stage', 'execution-segment', 'execution-segment-sequence', 'paused', 'no-setup', 'no-teardown',
  'max-redirects', 'batch', 'batch-per-host', 'rps', 'user-agent', 'http-debug', 'insecure-skip-tls-verify', 'no-connection-reuse',
  'no-vu-connection-reuse', 'min-iteration-duration', 'throw', 'blacklist-ip', 'block-hostnames', 'summary-trend-stats', 'summary-time-unit',
  'system-tags', 'tag', 'console-output', 'discard-response-bodies', 'local-ips', 'dns', 'include-system-env-vars', 'compatibility-mode',
  'type', 'env', 'no-thresholds', 'summary-mode', 'summary-export', 'new-machine-readable-summary', 'traces-output', 'out', 'linger',
  'no-usage-report', 'address', 'config', 'log-format', 'log-output', 'no-color', 'profiling-enabled', 'quiet', 'secret-source', 'verbose',
  'no-summary',
] // biome-ignore format: one list

describe('the flags of weir load', () => {
  it('are all that k6 has', () => {
    const names = loadFlags.map(({ name }) => name)
    assert.deepEqual(flagsOfK6.filter((name) => !names.includes(name)), [])
  }) // biome-ignore format: one line

  it('have names, letters and variables of their own', () => {
    for (const of of [
      loadFlags.map(({ name }) => name),
      loadFlags.flatMap(({ short }) => short ?? []),
      loadFlags.map(variableOf).filter(Boolean),
    ])
      assert.equal(new Set(of).size, of.length)
  })

  it('stand in the help with what they do, or among those without effect', () => {
    const help = loadHelp()
    for (const { name } of loadFlags) assert.match(help, new RegExp(`--${name}\\b`))
    assert.match(help, /-s, --stage TIME:N +a stage of a ramp/)
    assert.match(help, /without effect: .*--linger/)
  })

  const cases: [args: string[], expected: Record<string, unknown>][] = [
    [['-u', '3', '--duration=10s', '-i=7'], { vus: 3, duration: '10s', iterations: 7 }],
    [['-s', '10s:5', '--stage', '1m:0,5s:2'], { stages: [{ duration: '10s', target: 5 }, { duration: '1m', target: 0 }, { duration: '5s', target: 2 }] }],
    [['--tag', 'a=b', '--tag', 'c=d=e,f'], { tags: { a: 'b', c: 'd=e,f' } }],
    [['--system-tags', 'url,status', '--system-tags=vu'], { systemTags: ['url', 'status', 'vu'] }],
    [['--block-hostnames', '*.a.b', '--blacklist-ip', '10.0.0.0/8'], { blockHostnames: ['*.a.b'], blacklistIPs: ['10.0.0.0/8'] }],
    [['--no-setup', '-w', '--insecure-skip-tls-verify=false', '--no-teardown=true'], { noSetup: true, throw: true, insecureSkipTLSVerify: false, noTeardown: true }],
    [['--http-debug', '--rps', '5'], { httpDebug: 'headers', rps: 5 }],
    [['--http-debug=full'], { httpDebug: 'full' }],
    [['--execution-segment', '1/2:1', '--execution-segment-sequence=0,1/2,1'], { executionSegment: '1/2:1', executionSegmentSequence: '0,1/2,1' }],
    [['--no-thresholds'], { thresholds: {} }],
    [['-q', '-p', '-l', '--summary-mode', 'full', '-o', 'json=x'], {}],
  ] // biome-ignore format: one row a case
  for (const [args, expected] of cases)
    it(`${args.join(' ')} become options`, () => assert.deepEqual(options(['s.js', ...args]), expected))

  const refused: [args: string[], env: Record<string, string>, message: RegExp][] = [
    [['--tag', 'a'], {}, /option --tag: expected NAME=VALUE, found "a"/],
    [['--tag', '=b'], {}, /option --tag/],
    [['--rps', '1.5'], {}, /option --rps: expected a whole number of at least 0, found "1.5"/],
    [['-s', '5:5:5'], {}, /option --stage: expected TIME:USERS such as 30s:100, found "5:5:5"/],
    [[], { K6_VUS: 'x' }, /variable K6_VUS: expected a whole number, found "x"/],
    [[], { K6_NO_SETUP: '1' }, /variable K6_NO_SETUP: expected true or false, found "1"/],
    [[], { K6_STAGES: '5s' }, /variable K6_STAGES: expected TIME:USERS/],
    [[], { K6_TAGS: 'a=b' }, /variable K6_TAGS: expected NAME:VALUE, found "a=b"/],
  ]
  for (const [args, env, message] of refused)
    it(`${args.join(' ')}${JSON.stringify(env)} are refused`, () => assert.throws(() => options(args, env), message))

  it('that do nothing say so, one line each', () => {
    const parsed = readLoadArguments([
      '--linger',
      '-a',
      'localhost:1',
      '--paused',
      '--secret-source',
      'file=x',
      '-u',
      '2',
    ])
    assert.deepEqual(
      idleFlags(parsed).map((line) => /^option (--[a-z-]+) has no effect: ./.exec(line)?.[1]),
      ['--paused', '--linger', '--address', '--secret-source'],
    )
  })
})

describe('variables of k6', () => {
  it('become options', () => {
    const env = {
      K6_VUS: '4', K6_DURATION: '5s', K6_INSECURE_SKIP_TLS_VERIFY: 'true', K6_TAGS: 'a:b,c:d:e', K6_SETUP_TIMEOUT: '9s',
      K6_NO_COOKIES_RESET: 'true', K6_SYSTEM_TAGS: 'url,vu', K6_USER_AGENT: 'me', K6_NO_THRESHOLDS: 'true', K6_BATCH: '', HOME: '/',
    } // biome-ignore format: one list
    assert.deepEqual(options([], env), {
      vus: 4, duration: '5s', insecureSkipTLSVerify: true, tags: { a: 'b', c: 'd:e' }, setupTimeout: '9s', noCookiesReset: true,
      systemTags: ['url', 'vu'], userAgent: 'me', thresholds: {},
    }) // biome-ignore format: one list
  })

  it('give way to flags, a load among them altogether', () => {
    const env = { K6_VUS: '4', K6_ITERATIONS: '9', K6_BATCH: '3' }
    assert.deepEqual(options(['-d', '1s'], env), { vus: 4, duration: '1s', batch: 3 })
    assert.deepEqual(options(['-u', '5', '--batch', '1'], env), { vus: 5, iterations: 9, batch: 1 })
  })
})

describe('files of weir load', () => {
  it('a config gives options', () => {
    writeFileSync(join(dir, 'c.json'), '{ "vus": 3, "batch": 1 }')
    assert.deepEqual(readConfigFile(join(dir, 'c.json')), { vus: 3, batch: 1 })
  })

  it('a config that is none is named', () => {
    writeFileSync(join(dir, 'bad.json'), '[1]')
    assert.throws(() => readConfigFile(join(dir, 'bad.json')), /bad\.json" holds no JSON object/)
    assert.throws(() => readConfigFile(join(dir, 'gone.json')), /gone\.json" could not be read/)
  })

  it('an archive is refused by name and by type', () => {
    for (const args of [['a.tar'], ['a.js', '-t', 'archive']])
      assert.throws(() => openScript(readLoadArguments(args)), /is an archive of k6/)
  })

  it('a log file holds what was said, in the form that was asked for, debugging only when verbose', () => {
    const output = `file=${join(dir, 'log.txt')}`
    const plain = openLog({ output, format: '', isVerbose: false })
    plain('info', 'one')
    plain('debug', 'not this')
    openLog({ output, format: 'raw', isVerbose: true })('debug', 'two')
    openLog({ output, format: 'json', isVerbose: false })('warn', 'three')
    const [first, second, third] = readFileSync(join(dir, 'log.txt'), 'utf8').trim().split('\n')
    assert.deepEqual([first, second], ['info: one', 'two'])
    const { level, msg } = JSON.parse(third!)
    assert.deepEqual([level, msg], ['warn', 'three'])
  })

  it('a log cannot go anywhere', () => {
    for (const output of ['loki=x', 'file=/no/such/folder/x'])
      assert.throws(() => openLog({ output, format: '', isVerbose: false }), /none of stderr|cannot be written/)
  })
})
