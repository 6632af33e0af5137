import type { Engine } from '../port.ts'
import { generatedEngine } from './generated-engine.ts'

/** Runs k6 scripts, thousands of users in a generator process. */
export const sessionsEngine: Engine = generatedEngine({
  name: 'sessions',
  program: new URL('./generator/generator.ts', import.meta.url),
  warmsItself: true,
})
