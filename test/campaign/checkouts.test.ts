import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { gitOfCheckouts, withCheckouts } from '../../harness/campaign/checkouts.ts'
import { checkConfig } from '../../harness/config.ts'

const root = mkdtempSync(join(tmpdir(), 'weir-checkouts-'))
after(() => rmSync(root, { recursive: true }))
for (const folder of ['here', 'base', 'b@se']) mkdirSync(join(root, folder))

const launched = { command: ['node', 'server.js'], ready: { tcp: true } }
const config = {
  ...checkConfig(
    {
      variants: {
        plain: launched,
        'at@home': launched,
        inner: { ...launched, cwd: 'packages/api' },
        elsewhere: { ...launched, cwd: '/opt/server' },
        reached: { url: 'http://127.0.0.1:9' },
      },
      scenarios: {},
      campaigns: {},
    },
    'c',
  ),
  dir: join(root, 'here'),
  file: join(root, 'here', 'weir.config.ts'),
}

const cwdOf = (written: string): unknown => {
  const variant = withCheckouts(config, [written], config.dir).variants[written]!
  return 'cwd' in variant ? variant.cwd : undefined
}

const moves: [written: string, cwd: string | undefined][] = [
  ['plain', undefined],
  ['at@home', undefined],
  ['plain@../base', join(root, 'base')],
  [`plain@${root}/base`, join(root, 'base')],
  ['plain@../b@se', join(root, 'b@se')],
  ['at@home@../base', join(root, 'base')],
  ['inner@../base', join(root, 'base', 'packages/api')],
]
for (const [written, cwd] of moves)
  test(`${written.replace(root, '')} runs ${cwd ? 'in the other checkout' : 'where the config stands'}`, () =>
    assert.equal(cwdOf(written), cwd))

test('What a variant is beside its folder does not change with the checkout, and the others are as they were', () => {
  const { variants } = withCheckouts(config, ['plain@../base', 'plain'], config.dir)
  assert.deepEqual({ ...variants['plain@../base'], cwd: undefined }, { ...variants.plain, cwd: undefined })
  assert.deepEqual(Object.keys(variants).sort(), [...Object.keys(config.variants), 'plain@../base'].sort())
})

const wrong: [written: string, message: RegExp][] = [
  ['plan@../base', /variant "plan" does not exist\. Did you mean "plain"\?/],
  ['plain@', /variant "plain@": expected the folder of a checkout/],
  ['plain@../nowhere', /variant "plain@\.\.\/nowhere": there is no folder .*nowhere\. Check the other version out/],
  ['reached@../base', /"reached@\.\.\/base" is reached by its URL/],
  ['elsewhere@../base', /runs in \/opt\/server, outside of/],
]
for (const [written, message] of wrong)
  test(`${written} is refused`, () => assert.throws(() => cwdOf(written), message))

test('The commit of another checkout is known, where it is another than that of the config', async () => {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: join(root, 'base') })
  git('init', '-q')
  git('commit', '-q', '--allow-empty', '-m', 'first')
  const names = ['plain@../base', 'plain@../b@se', 'plain', 'reached']
  const whole = withCheckouts(config, names, config.dir)
  const own = { commit: 'c', branch: 'main', dirty: false }
  const found = await gitOfCheckouts(whole, names, own)
  assert.deepEqual([...found.keys()], names.slice(0, 2))
  assert.equal(found.get('plain@../base')!.commit, String(git('rev-parse', 'HEAD')).trim())
  assert.equal(found.get('plain@../b@se'), null)
  const same = await gitOfCheckouts(whole, names, found.get('plain@../base')!)
  assert.equal(same.has('plain@../base'), false)
})
