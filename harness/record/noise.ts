import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { messageOf, UserError } from '../errors.ts'
import { type NoiseFloor, type NoiseSample, noiseSample } from './noise-floor.ts'
import { parseStored } from './shape.ts'
import { writeWhole } from './whole-file.ts'

const schema = 'weir.noise/1'
const shape = z.object({ schema: z.literal(schema), fingerprint: z.string(), samples: z.array(noiseSample) })

/** `.weir/noise/<fingerprint>.json`: a machine's noise, in samples of each run, so that none is counted twice. */
export const noiseFile = (stateDir: string, fingerprint: string): string =>
  join(stateDir, 'noise', `${fingerprint}.json`)

/**
 * The noise of a machine, an entry for each number of each variant, load, mode and way of sampling; empty where nobody asked yet.
 *
 * @throws UserError where what is stored is damaged, of another schema or of another machine
 */
export async function readNoise(stateDir: string, fingerprint: string): Promise<NoiseFloor[]> {
  return noiseFloors(await readSamples(stateDir, fingerprint))
}

/**
 * Adds what a run says, which replaces what the same run said before.
 *
 * @returns the machine's noise with it
 * @throws UserError as `readNoise` does, and where nothing can be written
 */
export async function addNoise(
  stateDir: string,
  fingerprint: string,
  added: readonly NoiseSample[],
): Promise<NoiseFloor[]> {
  const runs = new Set(added.map(({ run }) => run))
  const others = (await readSamples(stateDir, fingerprint)).filter(({ run }) => !runs.has(run))
  const samples = [...others, ...added]
  const file = noiseFile(stateDir, fingerprint)
  try {
    await mkdir(dirname(file), { recursive: true })
    await writeWhole(file, `${JSON.stringify({ schema, fingerprint, samples })}\n`)
  } catch (error) {
    throw new UserError(`noise ${file} cannot be written: ${messageOf(error)}`, undefined, { cause: error })
  }
  return noiseFloors(samples)
}

async function readSamples(stateDir: string, fingerprint: string): Promise<NoiseSample[]> {
  const file = noiseFile(stateDir, fingerprint)
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw new UserError(`noise ${file} cannot be read: ${error.message}`)
  })
  if (text === null) return []
  const stored = parseStored(text, file, { schema, shape })
  if (stored.fingerprint === fingerprint) return stored.samples
  throw new UserError(
    `${file} holds the noise of machine ${stored.fingerprint}, its name says ${fingerprint}: noise of two machines is never pooled. Delete it, and run weir noise`,
  )
}

/**
 * Samples of the same number of the same variant under the same load taken together: variances weighted by their degrees of freedom, since each run has a mean of
 * its own, seconds by pairs.
 */
export function noiseFloors(samples: readonly NoiseSample[]): NoiseFloor[] {
  const keyOf = ({ scenario, loadDigest, variant, metric, mode, eventLoopSampling }: NoiseSample) =>
    JSON.stringify([scenario, loadDigest ?? null, variant, metric, mode, eventLoopSampling])
  const keys = [...new Set(samples.map(keyOf))]
  return keys.map((key) => floorOf(samples.filter((sample) => keyOf(sample) === key)))
}

function floorOf(samples: readonly NoiseSample[]): NoiseFloor {
  const { scenario, loadDigest, variant, metric, unit, better, mode, eventLoopSampling } = samples[0]!
  const sum = (of: (sample: NoiseSample) => number) => samples.reduce((total, sample) => total + of(sample), 0)
  const pairs = sum((sample) => sample.pairs)
  const variance = sum((sample) => (sample.pairs - 1) * sample.sdLog ** 2) / (pairs - samples.length)
  return {
    ...{ scenario, variant, metric, unit, better, mode, eventLoopSampling, pairs },
    ...(loadDigest === undefined ? {} : { loadDigest }),
    sdLog: Math.sqrt(variance),
    usableShare: pairs / sum((sample) => sample.pairs / (sample.usableShare ?? 1)),
    secondsAPair: sum((sample) => sample.pairs * sample.secondsAPair) / pairs,
    runs: samples.map(({ run }) => run),
  }
}
