import { existsSync } from 'node:fs'
import { mkdir, readdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { isLaunched, type LoadedConfig } from '../../config.ts'
import { messageOf, UserError } from '../../errors.ts'
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

/** @throws UserError where the tool is missing, cannot look into a variant, or has nowhere to write */
export async function meansOf(config: LoadedConfig, ask: ProfileAsk): Promise<Means> {
  const { tool, out } = ask
  if (out !== null) await assertFolder(out)
  const folderOf = (runDir: string) => (out === null ? join(runDir, 'profiles') : resolve(out))
  if (tool === 'cpu') {
    if (out !== null) await assertNoProfiles(out)
    return {
      profiler: (trial) => new CpuProfiler(trial, folderOf(trial.runDir)),
      pagesOf: (run, dir) => cpuPages(config, ask, run, { dir, folder: folderOf(dir) }),
    }
  }
  const program = findClinic(config.dir)
  const folderFor = (folder: string, variant: string) => join(folder, `${tool}-${safeName(variant)}`)
  for (const name of variantsOf(ask)) {
    const variant = config.variants[name]!
    if (isLaunched(variant)) assertNodeCommand(name, variant.command)
    if (out !== null) assertAbsent(folderFor(out, name))
  }
  return {
    profiler: (trial) => new ClinicProfiler(tool, program, trial, folderFor(folderOf(trial.runDir), trial.variant)),
    pagesOf: (run, dir, signal) => clinicPages(run, dir, { tool, program }, signal),
  }
}

async function assertFolder(out: string): Promise<void> {
  try {
    await mkdir(out, { recursive: true })
  } catch (error) {
    throw new UserError(`option --out: "${out}" cannot be made: ${messageOf(error)}. Expected a folder`)
  }
}

/** What clinic gathers is found by being the only thing there. */
function assertAbsent(folder: string): void {
  if (existsSync(folder)) throw holdsProfiles(folder)
}

/** Of a thread that writes nothing the profile of an earlier run would be taken, and others would be lost. */
async function assertNoProfiles(folder: string): Promise<void> {
  if ((await readdir(folder)).some((name) => name.endsWith('.cpuprofile'))) throw holdsProfiles(folder)
}

const holdsProfiles = (folder: string): UserError =>
  new UserError(`option --out: ${folder} holds profiles already: expected a folder that none was written to`)
