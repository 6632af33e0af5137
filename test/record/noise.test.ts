import assert from 'node:assert/strict'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { addNoise, noiseFile, readNoise } from '../../harness/record/noise.ts'
import type { NoiseSample } from '../../harness/record/schema.ts'

const root = await mkdtemp(join(tmpdir(), 'weir-noise-'))
after(() => rm(root, { recursive: true, force: true }))
let stateDir = ''
beforeEach(async () => {
  stateDir = await mkdtemp(join(root, 's-'))
})

const sample = (change: Partial<NoiseSample> = {}): NoiseSample => ({
  run: 'first',
  startedAt: '2026-11-21T03:15:02.000Z',
  scenario: 's',
  variant: 'v',
  metric: 'turn p(50)',
  unit: 'ms',
  better: 'lower',
  mode: 'trials',
  eventLoopSampling: 'interval',
  sdLog: 0.03,
  meanLog: 0,
  pairs: 20,
  secondsAPair: 30,
  ...change,
})

test('A machine of which nobody measured the noise has none', async () => {
  assert.deepEqual(await readNoise(stateDir, 'f1'), [])
})

test('Noise is kept machine by machine; runs are taken together by their pairs', async () => {
  await addNoise(stateDir, 'f1', [sample()])
  await addNoise(stateDir, 'f2', [sample({ sdLog: 0.5 })])
  const floors = await addNoise(stateDir, 'f1', [sample({ run: 'second', pairs: 60, secondsAPair: 10 })])
  assert.deepEqual(await readNoise(stateDir, 'f1'), floors)
  assert.deepEqual(
    floors.map(({ pairs, secondsAPair, runs, variant }) => ({ pairs, secondsAPair, runs, variant })),
    [{ pairs: 80, secondsAPair: 15, runs: ['first', 'second'], variant: 'v' }],
  )
})

test('The share of pairs that can be used is that of all that were begun; of older runs all could', async () => {
  const [older] = await addNoise(stateDir, 'f1', [sample({ pairs: 20 })])
  assert.equal(older!.usableShare, 1)
  const [floor] = await addNoise(stateDir, 'f1', [sample({ run: 'second', pairs: 30, usableShare: 0.5 })])
  assert.equal(floor!.usableShare, 50 / 80)
})

test('Noise of two variants is never pooled', async () => {
  const floors = await addNoise(stateDir, 'f1', [sample(), sample({ run: 'second', variant: 'w', sdLog: 0.3 })])
  assert.deepEqual(
    floors.map(({ variant, sdLog, pairs }) => [variant, Number(sdLog.toFixed(6)), pairs]),
    [
      ['v', 0.03, 20],
      ['w', 0.3, 20],
    ],
  )
})

test('Noise of a load that has changed since is kept apart', async () => {
  await addNoise(stateDir, 'f1', [sample(), sample({ run: 'second', loadDigest: 'a' })])
  const floors = await addNoise(stateDir, 'f1', [sample({ run: 'third', loadDigest: 'b' })])
  assert.deepEqual(
    floors.map(({ loadDigest, runs }) => [loadDigest, runs]),
    [
      [undefined, ['first']],
      ['a', ['second']],
      ['b', ['third']],
    ],
  )
})

test('A run that is added again replaces what it said before', async () => {
  await addNoise(stateDir, 'f1', [sample()])
  const floors = await addNoise(stateDir, 'f1', [sample({ sdLog: 0.01 })])
  assert.deepEqual(
    floors.map(({ pairs, sdLog }) => [pairs, sdLog]),
    [[20, 0.01]],
  )
})

const damaged: [title: string, text: string, message: RegExp][] = [
  ['cut off', '{"schema":"weir.no', /f1\.json is not valid JSON/],
  ['of a newer version', '{"schema":"weir.noise/2"}', /f1\.json has schema weir\.noise\/2.*newer weir/],
  [
    'changed by hand',
    JSON.stringify({ schema: 'weir.noise/1', fingerprint: 'f1', samples: [{ ...sample(), pairs: 1 }] }),
    /key "samples\.0\.pairs".*changed by hand/,
  ],
]
for (const [title, text, message] of damaged) {
  test(`Noise that is ${title} is an error that names the file, and is not written over`, async () => {
    await addNoise(stateDir, 'f1', [])
    await writeFile(noiseFile(stateDir, 'f1'), text)
    await assert.rejects(readNoise(stateDir, 'f1'), message)
    await assert.rejects(addNoise(stateDir, 'f1', [sample()]), message)
  })
}

test('Noise of another machine is refused, whatever its file is called', async () => {
  await addNoise(stateDir, 'f2', [sample()])
  await copyFile(noiseFile(stateDir, 'f2'), noiseFile(stateDir, 'f1'))
  await assert.rejects(readNoise(stateDir, 'f1'), /holds the noise of machine f2, its name says f1.*never pooled/)
})
