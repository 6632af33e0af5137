import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { circleOf, forbidden, mentionsOfTheServer } from './architecture/arrows.ts'
import { importsOf, readSources } from './architecture/imports.ts'

const root = join(import.meta.dirname, '..')
const sources = readSources(root, ['harness', 'reports', 'reference-server', 'scenarios'])
const imports = sources.flatMap(importsOf)

describe('Imports of the repository', () => {
  it('run one way', () => {
    assert.deepEqual(forbidden(imports), [])
  })

  it('make no circle among the folders of the harness', () => {
    assert.equal(circleOf(imports), null)
  })

  it('of code that is there: every relative import has its file', () => {
    const known = new Set(sources.map(({ path }) => path))
    const lost = imports.filter(
      ({ to }) => /^(harness|reports|reference-server|scenarios)\/.*\.(ts|mjs)$/.test(to) && !known.has(to),
    )
    assert.deepEqual(lost, [])
    assert.ok(imports.length > 300, `only ${imports.length} imports were found`)
  })
})

describe('The harness', () => {
  it('does not speak of the server that it measures', () => {
    assert.deepEqual(mentionsOfTheServer(sources), [])
  })
})

describe('The checker of imports', () => {
  const planted: [file: string, line: string, isAllowed: boolean][] = [
    ['harness/compare/pairs.ts', "import { x } from '../clock.ts'", false],
    ['harness/compare/pairs.ts', "import type { x } from '../engine/port.ts'", false],
    ['harness/compare/pairs.ts', "import { readFileSync } from 'node:fs'", false],
    ['harness/compare/pairs.ts', "import { readRun } from '../record/store.ts'", false],
    ['harness/compare/pairs.ts', "import type { Run } from '../record/schema.ts'", true],
    ['harness/gate/junit.ts', "import { x } from '../trial.ts'", false],
    ['harness/gate/junit.ts', "import { x } from '../compare/verdict.ts'", true],
    ['harness/record/store.ts', "import { x } from '../trial.ts'", false],
    ['harness/engine/micro.ts', "export { x } from '../target/launch.ts'", false],
    ['harness/target/launch.ts', "const x = await import('../engine/table.ts')", false],
    ['harness/trial.ts', "import { x } from './campaign.ts'", false],
    ['harness/campaign.ts', "import { x } from './compare/campaign.ts'", false],
    ['harness/campaign.ts', "import { x } from './trial.ts'", true],
    ['harness/cli.ts', "import { x } from './campaign.ts'", false],
    ['harness/commands/run.ts', "import { x } from '../../reports/page.ts'", true],
    ['harness/commands/run.ts', "import { x } from '../../reference-server/variants.ts'", false],
    ['harness/newcomer.ts', "import { x } from './errors.ts'", false],
    ['harness/engine/sessions/engine.ts', "fork(import.meta.resolve('../../campaign.ts'))", false],
    ['harness/engine/sessions/engine.ts', "new URL('../../../scenarios/turns.ts', import.meta.url)", false],
    ['reports/charts/cpu.ts', "import { x } from '../../harness/engine/port.ts'", false],
    ['reports/charts/cpu.ts', "import { readFile } from 'node:fs/promises'", false],
    ['reports/charts/cpu.ts', "import { x } from '../../harness/compare/pairs.ts'", true],
    ['reference-server/parts.ts', "import type { x } from '../harness/errors.ts'", false],
    ['reference-server/parts.ts', "import Fastify from 'fastify'", true],
    ['scenarios/turns.ts', "import http from 'k6/http'", true],
    ['scenarios/turns.ts', "import { x } from './lib/turn.ts'", true],
    ['scenarios/turns.ts', "import { readFileSync } from 'node:fs'", false],
    ['scenarios/turns.ts', "import { x } from '../reference-server/variants.ts'", false],
    ['elsewhere/a.ts', "import { x } from 'fastify'", false],
  ]
  for (const [path, text, isAllowed] of planted) {
    it(`${isAllowed ? 'allows' : 'finds'} in ${path}: ${text}`, () => {
      const found = importsOf({ path, text })
      assert.equal(found.length, 1)
      assert.equal(forbidden(found).length, isAllowed ? 0 : 1)
    })
  }

  it('finds a circle of three and names its folders in order', () => {
    const circle = [
      { from: 'harness/a/one.ts', to: 'harness/b/two.ts' },
      { from: 'harness/b/other.ts', to: 'harness/c.ts' },
      { from: 'harness/c.ts', to: 'harness/a/three.ts' },
    ]
    assert.equal(circleOf(circle), 'harness/a -> harness/b -> harness/c.ts -> harness/a')
    assert.equal(circleOf(circle.slice(1)), null)
  })

  it('finds a word about the server, in the harness only', () => {
    const text = 'const a = 1\n// as the reference server does\n'
    assert.deepEqual(mentionsOfTheServer([{ path: 'harness/a.ts', text }]), [
      'harness/a.ts:2: // as the reference server does',
    ])
    assert.deepEqual(mentionsOfTheServer([{ path: 'reports/a.ts', text }]), [])
  })
})
