import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { LoadResult, MetricResult } from '../../../../harness/engine/port.ts'
import { Conductor, type ConductorHooks } from '../../../../harness/engine/sessions/load-test/conductor.ts'
import { LoadTest, type ScriptJob } from '../../../../harness/engine/sessions/load-test/load-test.ts'
import type { PartEvents } from '../../../../harness/engine/sessions/load-test/part.ts'
import type { Scope } from '../../../../harness/record/schema.ts'

export interface ScriptRun {
  result: LoadResult
  /** What the script wrote with console.log, in order. */
  said: string[]
  /** Exceptions of the script, and what it wrote with console.error. */
  errors: string[]
  warnings: string[]
  /** One metric over the whole load, or within a scenario or phase; undefined where no sample came. */
  metric(name: string, scope?: Scope): MetricResult | undefined
}

export interface ScriptSettings {
  env?: Record<string, string>
  /** Put above the script's own options. */
  options?: Record<string, unknown>
  hooks?: Partial<ConductorHooks>
  /** Is handed the test before it runs. */
  use?: (test: Conductor) => void
}

/** A folder of scripts that goes with the test. @returns the path of the first */
export async function scriptFiles(t: TestContext, files: Record<string, string>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'weir-script-'))
  t.after(() => rm(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return join(folder, Object.keys(files)[0]!)
}

/** Runs a k6 script in this process, as the generator would. @param source the script, or files of which the first is run */
export async function runScript(
  t: TestContext,
  source: string | Record<string, string>,
  { env = {}, options = {}, hooks = {}, use }: ScriptSettings = {},
): Promise<ScriptRun> {
  const script = await scriptFiles(t, typeof source === 'string' ? { 'script.js': source } : source)
  const byLevel: Record<string, string[]> = { info: [], error: [], warn: [], debug: [] }
  const log = (level: string, message: string): void => void byLevel[level]!.push(message)
  const result = await conduct({ script, env, options }, { log, ...hooks }, use)
  return {
    result,
    said: byLevel.info!,
    errors: byLevel.error!,
    warnings: byLevel.warn!,
    metric: (name, { scenario, phase } = {}) =>
      result.metrics.find((one) => one.metric === name && one.scenario === scenario && one.phase === phase),
  }
}

/** A test of one part, in this process. */
export async function conduct(
  job: ScriptJob,
  hooks: ConductorHooks,
  use?: (test: Conductor) => void,
): Promise<LoadResult> {
  let events: PartEvents = { log: hooks.log, second: () => {}, stopping: () => {} }
  const part = await LoadTest.prepare(job, {
    log: (level, message) => events.log(level, message),
    second: (second) => events.second(second),
    stopping: (exitCode, reason) => events.stopping(exitCode, reason),
  })
  const conductor = new Conductor(part.plan(), 1, hooks)
  events = conductor.eventsFor(0)
  use?.(conductor)
  return await conductor.run([part])
}
