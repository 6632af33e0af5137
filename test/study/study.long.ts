import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { documentsIn } from './analyse.ts'
import { simulationPage } from './simulate/page.ts'
import { runSimulation } from './simulate/simulation.ts'
import { simulationOptions } from './simulate.ts'

const docs = join(import.meta.dirname, '..', '..', 'docs', 'study')
const stored = (name: string): string => readFileSync(join(docs, name), 'utf8')

describe('docs/study', () => {
  it('holds what the simulation gives', () => {
    assert.equal(stored('simulation.md'), simulationPage(runSimulation(simulationOptions), simulationOptions))
  })

  const isRecorded = existsSync(join(docs, 'data', 'pool.json'))
  it('holds what follows from the recorded values', {
    skip: isRecorded ? false : 'nothing is recorded yet',
  }, async () => {
    for (const [name, text] of Object.entries(await documentsIn(docs))) assert.equal(stored(name), text, name)
  })
})
