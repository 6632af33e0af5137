import { join } from 'node:path'
import { powerWarnings } from '../../gate/power.ts'
import { readNoise } from '../../record/noise.ts'
import type { RunHeader } from '../../record/schema.ts'

/**
 * Tells on standard error, before the first pair, what the gate cannot find within its budget at the noise that is stored
 * for this machine. It is measured all the same: what is found is found.
 */
export async function warnOfPower({ gate, comparison, environment, scenarios }: RunHeader, dir: string): Promise<void> {
  if (!gate?.power || !comparison) return
  const noise = await readNoise(join(dir, '.weir'), environment.fingerprint)
  const ofLoads = scenarios.flatMap(({ name, loadDigest }) => {
    const own = noise.filter(({ scenario }) => scenario === name)
    const ofLoad = own.filter((each) => each.loadDigest === loadDigest)
    // An older weir did not note the load: better than nothing, as long as there is nothing.
    return ofLoad.length > 0 ? ofLoad : own.filter((each) => (each.loadDigest ?? loadDigest) === loadDigest)
  })
  for (const text of powerWarnings(gate, comparison, ofLoads)) console.error(`weir: warning: ${text}`)
}
