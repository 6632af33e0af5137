import assert from 'node:assert/strict'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { campaignOf, strangersFolder, variantOf, writeConfig } from './strangers.ts'
import { type Finished, runWeir } from './weir.ts'

const { dir, remove } = strangersFolder()
after(remove)
const good = campaignOf({ quick: variantOf('server.mjs'), slow: variantOf('server.mjs', { env: { SLEEP_MS: '25' } }) })
const config = writeConfig(dir, good)

/** Nothing on stdout, nothing started, no run begun. */
function assertRefused({ code, stdout, leftOver }: Finished, expectedCode = 104): void {
  assert.equal(code, expectedCode)
  assert.equal(stdout, '')
  assert.deepEqual(leftOver, [])
  assert.equal(existsSync(join(dir, '.weir')), false)
}

describe('One line that names it and lists what exists, before anything starts, for', () => {
  const cases: [title: string, args: string[], line: RegExp][] = [
    [
      'an unknown campaign',
      ['run', 'mian'],
      /^weir: campaign "mian" does not exist. Did you mean "main"\? It is one of: main\n$/,
    ],
    [
      'an unknown variant',
      ['run', '--variant', 'slwo'],
      /^weir: variant "slwo" does not exist. Did you mean "slow"\? It is one of: quick, slow\n$/,
    ],
    [
      'an unknown scenario',
      ['run', '--scenario', 'laod'],
      /^weir: scenario "laod" does not exist. Did you mean "load"\? It is one of: load\n$/,
    ],
    [
      'an unknown option',
      ['run', '--blocs', '2'],
      /^weir: option "--blocs" does not exist. Did you mean "--blocks"\? It is one of: .*--blocks.*\n$/,
    ],
    ['an option without its number', ['run', '--blocks', 'two'], /^weir: option --blocks: .*"two"\n$/],
    [
      'an unknown command',
      ['rnu'],
      /^weir: command "rnu" does not exist. Did you mean "run"\? It is one of: .*run.*\n$/,
    ],
    [
      'a config that is not there',
      ['run', '--config', 'no.config.ts'],
      /^weir: no config at .*no\.config\.ts.*--config\n$/,
    ],
  ]
  for (const [title, args, line] of cases) {
    it(`${title}: weir ${args.join(' ')}`, async () => {
      const named = args[0] === 'run' && !args.includes('--config') ? [...args, '--config', config] : args
      const finished = await runWeir(dir, named)
      assertRefused(finished)
      assert.match(finished.stderr, line)
    })
  }

  const { variants, campaigns, ...others } = good
  const configs: [title: string, config: object, line: RegExp][] = [
    ['a key at the top', { ...good, variant: {} }, /key "variant" does not exist. It is one of: .*variants.*scenarios/],
    [
      'a key of a variant',
      { ...good, variants: { ...variants, slow: variantOf('server.mjs', { environment: {} }) } },
      /key "variants\.slow\.environment" does not exist. It is one of: .*\benv\b/,
    ],
    [
      'a variant of a campaign',
      { ...others, variants, campaigns: { main: { ...campaigns.main, variants: ['quick', 'fast'] } } },
      /variant "fast" does not exist. It is one of: quick, slow/,
    ],
    [
      'a script of a scenario',
      { ...good, scenarios: { load: { script: 'gone.js' } } },
      /scenarios\.load: the script "gone\.js" does not exist/,
    ],
  ]
  for (const [title, changed, line] of configs) {
    it(`${title} in the config`, async () => {
      const file = writeConfig(dir, changed)
      const finished = await runWeir(dir, ['run', '--config', file])
      assertRefused(finished)
      assert.match(finished.stderr, line)
      assert.equal(finished.stderr.trimEnd().split('\n').length, 1)
      assert.ok(finished.stderr.includes(file), 'names the file')
    })
  }
})

/** What k6 exits with for these. */
const scriptException = 107

describe('File, line and remedy for a script that', () => {
  const scripts: [title: string, script: string, said: RegExp[]][] = [
    [
      'does not parse',
      `import http from 'k6/http'\n\nexport default function () {\n  http.get(\n}\n`,
      [/script\.js:[45]/],
    ],
    [
      'imports a module of k6 that is not provided',
      `import http from 'k6/http'\nimport { browser } from 'k6/browser'\nexport default function () {\n  http.get(browser)\n}\n`,
      [/script\.js:2/, /"?k6\/browser"?/, /k6 run/],
    ],
    [
      'imports a file that is not there',
      `import http from 'k6/http'\n\nimport { x } from './gone.js'\nexport default function () {\n  http.get(x)\n}\n`,
      [/script\.js:3/, /\.\/gone\.js/],
    ],
    [
      'calls what cannot be awaited',
      `import http from 'k6/http'\nexport default function () {\n  ;[2, 1].sort(() => http.get('http://127.0.0.1/').status)\n}\n`,
      [/script\.js:3/],
    ],
  ]
  for (const [title, text, said] of scripts) {
    const write = () => {
      writeFileSync(join(dir, 'script.js'), text)
      return writeConfig(dir, { ...good, scenarios: { load: { script: 'script.js' } } })
    }
    it(`${title}, in a campaign`, async () => {
      const finished = await runWeir(dir, ['run', '--config', write()])
      assertRefused(finished, scriptException)
      for (const pattern of said) assert.match(finished.stderr, pattern)
    })

    it(`${title}, given to weir load`, async () => {
      write()
      const { code, stderr, leftOver } = await runWeir(dir, ['load', 'script.js'])
      assert.equal(code, scriptException)
      for (const pattern of said) assert.match(stderr, pattern)
      assert.deepEqual(leftOver, [])
    })
  }
})

describe('Too few file descriptors', () => {
  it('are said before the start, with the command that raises the limit', async () => {
    writeConfig(dir, { ...good, scenarios: { load: { script: 'load.js', options: { vus: 500 } } } })
    const finished = await runWeir(dir, ['run', '--config', config], ['prlimit', '--nofile=300:300'])
    assertRefused(finished)
    assert.match(finished.stderr, /too few file descriptors.*500.*ulimit -n \d+/)
  })

  it('for weir load too', async () => {
    const finished = await runWeir(dir, ['load', 'load.js', '--vus', '500'], ['prlimit', '--nofile=300:300'])
    assert.equal(finished.code, 104)
    assert.match(finished.stderr, /too few file descriptors.*500.*ulimit -n \d+/)
    assert.deepEqual(finished.leftOver, [])
  })
})
