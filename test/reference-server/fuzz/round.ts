import { Dice } from './dice.ts'
import { judge } from './judge.ts'
import { hostileBytes } from './requests.ts'
import { fuzzSocket } from './sockets.ts'
import type { FuzzTarget } from './target.ts'
import { exchangeBytes, readAnswers } from './wire.ts'

/** Connections at once. */
const atOnce = 40
const socketShare = 0.15

/** One connection; the same number does the same again. */
const fuzzOnce = async ({ url, keys, secrets }: FuzzTarget, seed: number): Promise<void> => {
  const dice = new Dice(seed)
  if (dice.chance(socketShare)) return fuzzSocket(url, dice, keys, secrets)
  const { bytes, methods } = hostileBytes(dice, keys)
  const answers = readAnswers(await exchangeBytes(url, bytes), methods)
  const asked = { text: bytes.toString('latin1'), secrets }
  for (const [index, answer] of answers.entries()) judge(answer, asked, methods[index] === 'HEAD')
}

/** So many connections with numbers from `seed` on; a failure names those that show it. */
export const fuzzRound = async (target: FuzzTarget, seed: number, connections: number): Promise<void> => {
  let next = seed
  const end = seed + connections
  const failures: string[] = []
  const work = async (): Promise<void> => {
    while (next < end) {
      const own = next++
      await fuzzOnce(target, own).catch((error: Error) => failures.push(`FUZZ_SEED=${own}: ${error.message}`))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  if (failures.length > 0)
    throw new Error(`${failures.length} connections failed:\n${failures.slice(0, 12).join('\n')}`)
}

/** From FUZZ_SEED, which whoever saw a failure sets, or `usual`. */
export const seedOf = (usual: number): number => Number(process.env.FUZZ_SEED ?? usual)
