import type { Engine } from '../port.ts'
import { generatedEngine } from '../sessions/generated-engine.ts'

/**
 * So many connections, each of which sends its next request when it has its answer: a closed loop, made by autocannon
 * through its own API. Its modes with a rate are not used: they are bursts, and fill the histogram up with requests that
 * were never made.
 */
export const autocannonEngine: Engine = generatedEngine({
  name: 'autocannon',
  program: new URL('./generator.ts', import.meta.url),
  warmsItself: false,
})
