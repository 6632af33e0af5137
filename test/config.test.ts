import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { checkConfig, isLaunched, loadConfig } from '../harness/config.ts'
import { UserError } from '../harness/errors.ts'
import { exitCodes } from '../harness/exit-codes.ts'

const dir = mkdtempSync(join(tmpdir(), 'weir-config-'))
after(() => rmSync(dir, { recursive: true }))

type Json = { [key: string]: unknown }

const good = (): Json => ({
  variants: { quick: { command: ['server'], ready: { http: '/ready' } }, there: { url: 'http://127.0.0.1:8080' } },
  services: { stubs: { command: ['stubs'], ready: { tcp: true } } },
  scenarios: { load: { script: 'load.js' } },
  warmup: { script: 'warm-up.js' },
  campaigns: {
    main: { question: 'Which?', variants: ['quick', 'there'], baseline: 'quick', scenarios: ['load'], blocks: 3 },
  },
})

/** The good config with one key, `a.b.c`, changed; undefined takes it away. */
function changed(path: string, value: unknown): Json {
  const config = good()
  const keys = path.split('.')
  const last = keys.pop()!
  const parent = keys.reduce((object, key) => (object[key] ??= {}) as Json, config)
  if (value === undefined) delete parent[last]
  else parent[last] = value
  return config
}

test('What is left out has its default, and times are in milliseconds', () => {
  const { variants, services, scenarios, campaigns, warmup } = checkConfig(good(), 'c')
  assert.deepEqual(variants.quick, {
    description: '',
    needs: [],
    command: ['server'],
    env: {},
    ready: { http: '/ready', timeoutMs: 15_000 },
    stopTimeout: 10_000,
    probe: true,
  })
  assert.deepEqual(services.stubs, {
    command: ['stubs'],
    env: {},
    ready: { tcp: true, timeoutMs: 15_000 },
    ports: [],
    stopTimeout: 5000,
    optional: false,
    needs: [],
  })
  assert.deepEqual(scenarios.load, {
    description: '',
    script: 'load.js',
    env: {},
    options: {},
    needs: [],
    warmup: true,
  })
  assert.deepEqual(campaigns.main?.quick, { blocks: 1 })
  assert.deepEqual(warmup, { script: 'warm-up.js', env: {} })
})

test('A variant with a command is launched, one with a URL is reached', () => {
  const { variants } = checkConfig(good(), 'c')
  assert.deepEqual(
    Object.entries(variants).map(([name, variant]) => [name, isLaunched(variant)]),
    [
      ['quick', true],
      ['there', false],
    ],
  )
})

test('Durations are written as in k6', () => {
  const { variants } = checkConfig(changed('variants.quick.stopTimeout', '1m30s'), 'c')
  assert.equal(isLaunched(variants.quick!) && variants.quick.stopTimeout, 90_000)
})

const launchedKeys =
  'description, services, needs, defers, command, cwd, env, ready, port, stopTimeout, probe, url, task'
const scenarioKeys =
  'description, script, engine, env, options, primary, services, tasks, needs, target, warmup, quick, slices, pairs'
const wrong: [path: string, value: unknown, line: string][] = [
  [
    'variant',
    {},
    'key "variant" does not exist. It is one of: variants, services, scenarios, warmup, needs, campaigns, gates',
  ],
  ['variants.quick.cmd', 1, `key "variants.quick.cmd" does not exist. It is one of: ${launchedKeys}`],
  ['variants.there.port', 1, 'key "variants.there.port" cannot stand beside "url"'],
  ['variants.quick.ready.htp', '/', 'key "variants.quick.ready.htp" does not exist. It is one of: http, tcp, timeout'],
  ['variants.quick.command', 'server', 'key "variants.quick.command": Invalid input: expected array, received string'],
  ['variants.quick.env', { A: 1 }, 'key "variants.quick.env.A": Invalid input: expected string, received number'],
  ['variants.there.url', 'nonsense', 'key "variants.there.url": Invalid URL'],
  ['services.stubs.ready.http', '/', 'key "services.stubs.ready.tcp" cannot stand beside "http"'],
  [
    'services.stubs.port',
    1,
    'key "services.stubs.port" does not exist. It is one of: command, cwd, env, ready, ports, stopTimeout, lateness, optional, needs',
  ],
  ['scenarios.load.scripts', [], `key "scenarios.load.scripts" does not exist. It is one of: ${scenarioKeys}`],
  [
    'scenarios.load.script',
    undefined,
    'key "scenarios.load.script": Invalid input: expected string, received undefined',
  ],
  ['scenarios.load.quick', { vus: 1 }, 'key "scenarios.load.quick.vus" does not exist. It is one of: env, options'],
  [
    'scenarios.load.pairs',
    { slice: '1s' },
    'key "scenarios.load.pairs.slice" does not exist. It is one of: env, options, slices',
  ],
  [
    'scenarios.load.pairs',
    { slices: { length: '19ms' } },
    'key "scenarios.load.pairs.slices.length": expected whole milliseconds, 20ms or more',
  ],
  [
    'scenarios.load.pairs',
    { slices: { length: '20.5ms' } },
    'key "scenarios.load.pairs.slices.length": expected whole milliseconds, 20ms or more',
  ],
  ['warmup.quick', { env: {}, vus: 1 }, 'key "warmup.quick.vus" does not exist. It is one of: env'],
  ['campaigns.main.blocks', 0, 'key "campaigns.main.blocks": Too small: expected number to be >=1'],
  [
    'campaigns.main.quick',
    { blocks: 1, vus: 1 },
    'key "campaigns.main.quick.vus" does not exist. It is one of: blocks',
  ],
  ['campaigns.main.baseline', 'slow', 'campaigns.main: variant "slow" does not exist. It is one of: quick, there'],
  [
    'campaigns.main.variants',
    ['quick', 'slow'],
    'campaigns.main: variant "slow" does not exist. It is one of: quick, there',
  ],
  ['campaigns.main.variants', ['there'], 'campaigns.main: baseline "quick" is not among its variants: there'],
  ['campaigns.main.variants', ['quick', 'quick'], 'campaigns.main: variant "quick" is named twice; name each once'],
  [
    'campaigns.main.scenarios',
    ['laod'],
    'campaigns.main: scenario "laod" does not exist. Did you mean "load"? It is one of: load',
  ],
  ['campaigns.main.scenarios', ['toString'], 'campaigns.main: scenario "toString" does not exist. It is one of: load'],
  ['campaigns.main.scenarios', ['load', 'load'], 'campaigns.main: scenario "load" is named twice; name each once'],
]

const claim = {
  id: 'a',
  statement: 's',
  scenario: 'load',
  variant: 'there',
  metric: 'http_reqs rate',
  claimed: { ratio: { above: 1 } },
}
const ofClaims = (change: Json, ...others: Json[]) => ({
  question: 'Which?',
  baseline: 'quick',
  blocks: 3,
  claims: [{ ...claim, ...change }, ...others],
})
const bounds = 'atLeast, atMost, above, below, from, to, equals'

wrong.push(
  [
    'variants.quick.services',
    ['stub'],
    'variants.quick: service "stub" does not exist. Did you mean "stubs"? It is one of: stubs',
  ],
  [
    'scenarios.load.services',
    ['stub'],
    'scenarios.load: service "stub" does not exist. Did you mean "stubs"? It is one of: stubs',
  ],
  ['services.stubs.needs', ['redis'], 'services.stubs: need "redis" does not exist. There is none'],
  ['scenarios.load.target', { url: '' }, 'key "scenarios.load.target.url" does not exist. It is one of: env, cores'],
  [
    'needs',
    { a: { program: 'x' } },
    'key "needs.a.program" does not exist. It is one of: executable, in, cores, advice',
  ],
  ['needs', { a: { cores: 2, in: [] } }, 'key "needs.a.in" cannot stand beside "cores"'],
  [
    'campaigns.main.variants',
    undefined,
    'key "campaigns.main.variants": expected a list of names (or "claims", from which they follow)',
  ],
  [
    'campaigns.main.claims',
    [claim],
    'key "campaigns.main.variants": cannot stand beside "claims", from which the trials follow\nweir.config.ts: key "campaigns.main.scenarios": cannot stand beside "claims", from which the trials follow',
  ],
  [
    'campaigns.main.only',
    { boot: ['there'] },
    'campaigns.main: only: scenario "boot" does not exist. It is one of: load',
  ],
  [
    'campaigns.main.only',
    { load: ['slow'] },
    'campaigns.main: only.load: variant "slow" does not exist. It is one of: quick, there',
  ],
  [
    'campaigns.main',
    { ...ofClaims({}), only: { load: ['quick'] } },
    'key "campaigns.main.only": cannot stand beside "claims", from which the trials follow',
  ],
  [
    'campaigns.main.ablation',
    { together: 'quick' },
    'campaigns.main: ablation: variant "quick" does not exist. It is one of: there',
  ],
  [
    'campaigns.main.ablation',
    { with: 'quick' },
    'key "campaigns.main.ablation.with" does not exist. It is one of: together, of',
  ],
  [
    'campaigns.main',
    ofClaims({ clame: 1 }),
    'key "campaigns.main.claims.0.clame" does not exist. It is one of: id, row, statement, scenario, variant, against, metric, claimed, needs, note',
  ],
  [
    'campaigns.main',
    ofClaims({ claimed: { share: 1 } }),
    'key "campaigns.main.claims.0.claimed.share" does not exist. It is one of: ratio, difference, value',
  ],
  [
    'campaigns.main',
    ofClaims({ claimed: { ratio: { over: 1 } } }),
    `key "campaigns.main.claims.0.claimed.ratio.over" does not exist. It is one of: ${bounds}`,
  ],
  [
    'campaigns.main',
    ofClaims({ claimed: { ratio: { above: 0 } } }),
    'key "campaigns.main.claims.0.claimed.ratio.above": Too small: expected number to be >0',
  ],
  [
    'campaigns.main',
    ofClaims({ claimed: { value: { from: 2, to: 1 } } }),
    'key "campaigns.main.claims.0.claimed.value": "from" is larger than "to"',
  ],
  [
    'campaigns.main',
    ofClaims({ metric: 'http_reqs{url:a} rate' }),
    'key "campaigns.main.claims.0.metric": "http_reqs{url:a}": records have numbers by {scenario:...} and {phase:...} only, and none by {url:...}',
  ],
  [
    'campaigns.main',
    ofClaims({ variant: 'slow' }),
    'campaigns.main: variant "slow" does not exist. It is one of: quick, there',
  ],
  [
    'campaigns.main',
    ofClaims({ against: 'slow' }),
    'campaigns.main: variant "slow" does not exist. It is one of: quick, there',
  ],
  [
    'campaigns.main',
    ofClaims({ scenario: 'boot' }),
    'campaigns.main: scenario "boot" does not exist. It is one of: load',
  ],
  [
    'campaigns.main',
    ofClaims({ needs: ['redis'] }),
    'campaigns.main: claim "a": need "redis" does not exist. There is none',
  ],
  ['campaigns.main', ofClaims({}, claim), 'campaigns.main: claim "a" is named twice; name each once'],
  [
    'campaigns.main',
    ofClaims({ variant: 'quick' }),
    'campaigns.main: claim "a" holds variant "quick" against itself; claim a value, or name another',
  ],
  [
    'scenarios.load.target',
    { env: { A: '1' } },
    'campaigns.main: scenario "load" sets target.env, and variant "there" is reached by its URL: weir cannot set its environment',
  ],
)

for (const [path, value, line] of wrong) {
  test(`${path} = ${JSON.stringify(value)} is told in one line: ${line}`, () => {
    assert.throws(() => checkConfig(changed(path, value), 'weir.config.ts'), {
      name: 'UserError',
      exitCode: exitCodes.invalidConfig,
      message: `weir.config.ts: ${line}`,
    })
  })
}

test('A duration or a selector that cannot be read is told with its key', () => {
  const duration = changed('variants.quick.stopTimeout', '5 parsecs')
  assert.throws(() => checkConfig(duration, 'c'), /^UserError: c: key "variants\.quick\.stopTimeout": .*"5 parsecs"/)
  const primary = changed('scenarios.load.primary', 'http_reqs')
  assert.throws(
    () => checkConfig(primary, 'c'),
    /^UserError: c: key "scenarios\.load\.primary": "http_reqs", column 10/,
  )
})

test('Two things that are wrong are two lines', () => {
  const config = { ...changed('scenarios.load.vus', 1), variant: {}, scenario: {} }
  assert.throws(
    () => checkConfig(config, 'c'),
    (error: Error) => {
      assert.deepEqual(
        error.message.split('\n').map((line) => /"(.*?)"/.exec(line)?.[1]),
        ['scenarios.load.vus', 'variant', 'scenario'],
      )
      return true
    },
  )
})

function write(name: string, text: string): string {
  writeFileSync(join(dir, name), text)
  return name
}

test('A config file is found beside the working directory, and tells where it stands', async () => {
  const name = write('good.config.ts', `const typed: object = ${JSON.stringify(good())}\nexport default typed`)
  const config = await loadConfig(name, dir)
  assert.equal(config.dir, dir)
  assert.equal(config.file, join(dir, name))
  assert.deepEqual(Object.keys(config.variants), ['quick', 'there'])
})

const unloadable: [title: string, name: string, text: string | null, message: RegExp][] = [
  ['that is not there', 'gone.config.ts', null, /no config at .*gone\.config\.ts.*defineConfig/],
  ['without a default export', 'none.config.ts', 'export const config = {}', /none\.config\.ts has no default export/],
  ['that throws', 'throws.config.ts', 'throw new Error("no luck")', /throws\.config\.ts could not be loaded: no luck/],
  ['that cannot be parsed', 'syntax.config.ts', 'export default {', /syntax\.config\.ts could not be loaded: /],
]

for (const [title, name, text, message] of unloadable) {
  test(`A config ${title} is named with what to do`, async () => {
    if (text !== null) write(name, text)
    await assert.rejects(loadConfig(name, dir), (error) => {
      assert.ok(error instanceof UserError)
      assert.match(error.message, message)
      return true
    })
  })
}

test('The variants and scenarios of a campaign of claims are those that its claims name, and the baseline', () => {
  const config = checkConfig(changed('campaigns.main', ofClaims({ row: 5 })), 'c')
  const { variants, scenarios, claims } = config.campaigns.main!
  assert.deepEqual([variants, scenarios], [['quick', 'there'], ['load']])
  assert.deepEqual(claims, [{ ...claim, row: '5', against: 'quick', needs: [] }])
})

const redis = { command: ['redis', '{port}'], ready: { tcp: true }, optional: true }

test('A placeholder is filled by the services that its trial starts, and by no other', () => {
  const config = good()
  Object.assign(config.services as Json, { redis })
  const scenario = (config.scenarios as { load: Json }).load
  scenario.env = { STUB: '{services.stubs.port} {stateDir}' }
  assert.doesNotThrow(() => checkConfig(config, 'c'))
  scenario.quick = { env: { REDIS: '{services.redis.port}' } }
  assert.throws(
    () => checkConfig(config, 'c'),
    /^UserError: scenarios\.load: env\.REDIS: "\{services\.redis\.port\}" in .* is not known\. It is one of: .*\{services\.stubs\.port\}$/,
  )
  scenario.services = ['redis']
  assert.doesNotThrow(() => checkConfig(config, 'c'))
})

test('What a scenario gives the environment of the target is checked with the services of the trial', () => {
  const config = good()
  Object.assign(config.services as Json, { redis })
  const main = (config.campaigns as { main: Json }).main
  main.variants = ['quick']
  const scenario = (config.scenarios as { load: Json }).load
  scenario.target = { env: { REDIS_URL: 'redis://127.0.0.1:{services.redis.port}', PORT: '{port}' } }
  assert.throws(() => checkConfig(config, 'c'), /^UserError: scenarios\.load: target: env\.REDIS_URL: /)
  scenario.services = ['redis']
  assert.doesNotThrow(() => checkConfig(config, 'c'))
})
