import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { conduct, runScript, type ScriptRun } from '../../engine/sessions/k6/run-script.ts'

export const scenariosFolder = join(import.meta.dirname, '../../../scenarios')

/** Runs the body of a script that has imported names of a file of `scenarios/lib/`, for what it writes to the console. */
export const runWithLib = (
  t: TestContext,
  { file, names, body, env = {} }: { file: string; names: string; body: string; env?: Record<string, string> },
): Promise<ScriptRun> =>
  runScript(t, `import { ${names} } from '${join(scenariosFolder, 'lib', file)}'\n${body}`, { env })

/** Runs a scenario of the repository as the generator would. @param env its settings */
export const runScenario = (name: string, env: Record<string, string>) =>
  conduct({ script: join(scenariosFolder, `${name}.ts`), env, options: {} }, { log: () => {} })
