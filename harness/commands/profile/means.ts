import { join, resolve } from 'node:path'
import { isLaunched, type LoadedConfig } from '../../config.ts'
import { findClinic } from '../../profile/clinic/find.ts'
import { ClinicProfiler } from '../../profile/clinic/profiler.ts'
import { assertNodeCommand } from '../../profile/clinic/tool.ts'
import { CpuProfiler } from '../../profile/cpu/profiler.ts'
import type { ProfilerFactory } from '../../profile/port.ts'
import type { Run } from '../../record/schema.ts'
import { safeName } from '../../record/store.ts'
import { type ProfileAsk, variantsOf } from './arguments.ts'
import { clinicPages } from './clinic-pages.ts'
import { cpuPages } from './cpu-pages.ts'
import type { MadeOfProfiles } from './made.ts'

/** How a tool looks into targets, and what is made of what it took. */
export interface Means {
  profiler: ProfilerFactory
  pagesOf(run: Run, dir: string, signal: AbortSignal): Promise<MadeOfProfiles>
}

/** @throws UserError where the tool is missing, or cannot look into a variant */
export function meansOf(config: LoadedConfig, ask: ProfileAsk): Means {
  const { tool, out } = ask
  const folderOf = (runDir: string) => (out === null ? join(runDir, 'profiles') : resolve(out))
  if (tool === 'cpu')
    return {
      profiler: (trial) => new CpuProfiler(trial, folderOf(trial.runDir)),
      pagesOf: (run, dir) => cpuPages(config, ask, run, { dir, folder: folderOf(dir) }),
    }
  const program = findClinic(config.dir)
  for (const name of variantsOf(ask)) {
    const variant = config.variants[name]!
    if (isLaunched(variant)) assertNodeCommand(name, variant.command)
  }
  return {
    profiler: (trial) =>
      new ClinicProfiler(tool, program, trial, join(folderOf(trial.runDir), `${tool}-${safeName(trial.variant)}`)),
    pagesOf: (run, dir, signal) => clinicPages(run, dir, { tool, program }, signal),
  }
}
