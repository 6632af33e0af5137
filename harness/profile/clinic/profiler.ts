import { readdir } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { TrialProfile } from '../../record/schema.ts'
import type { LaunchSpec, Running } from '../../target/port.ts'
import type { ProfiledTrial, Profiler } from '../port.ts'
import { type ClinicFolder, makeClinicFolder, withWholePaths } from './folder.ts'
import { type ClinicTool, clinicEnvironment, clinicNames } from './tool.ts'

/** From being told to end until it has put together what it gathered. */
const gatherDeadlineMs = 60_000

/** One of clinic's tools round a target, from its start to its end. It only gathers: pages are made when the trial is over. */
export class ClinicProfiler implements Profiler {
  private readonly tool: ClinicTool
  private readonly program: string
  private readonly trial: ProfiledTrial
  private readonly folder: string
  private made: ClinicFolder | null = null

  /** @param program clinic's @param folder of this trial alone */
  constructor(tool: ClinicTool, program: string, trial: ProfiledTrial, folder: string) {
    this.tool = tool
    this.program = program
    this.trial = trial
    this.folder = folder
  }

  async wrap(spec: LaunchSpec): Promise<LaunchSpec> {
    this.made = await makeClinicFolder(this.folder, spec.cwd)
    const clinic = [process.execPath, this.program, clinicNames[this.tool], '--collect-only', '--dest', this.made.data]
    return {
      ...spec,
      command: [...clinic, '--', ...withWholePaths(spec.command, spec.cwd)],
      cwd: this.made.work,
      env: { ...spec.env, ...clinicEnvironment(this.folder) },
    }
  }

  begin(): void {}

  async end(target: Running): Promise<TrialProfile> {
    // To the target alone: its end is what clinic waits for, and clinic itself would pass on what it is told.
    try {
      process.kill(target.pid, 'SIGINT')
    } catch {
      // It is gone already: what it left is looked for all the same.
    }
    const late = new AbortController()
    const isInTime = await Promise.race([
      target.exited.then(() => true),
      sleep(gatherDeadlineMs, false, { signal: late.signal }).catch(() => false),
    ])
    late.abort()
    const files = await readdir(this.made!.data)
    return {
      tool: this.tool,
      files: isInTime ? files.map((name) => ({ path: relative(this.trial.runDir, join(this.made!.data, name)) })) : [],
      problems: this.problemsOf(isInTime, files.length, target),
    }
  }

  private problemsOf(isInTime: boolean, files: number, target: Running): string[] {
    const name = `clinic ${clinicNames[this.tool]} (Node ${process.versions.node})`
    if (!isInTime)
      return [`${name}: the target did not end within ${gatherDeadlineMs / 1000} s of SIGINT; both were stopped`]
    if (files > 0) return []
    return [`${name} gathered nothing: ${target.outputTail().at(-1) ?? 'it said nothing'}`]
  }

  async close(): Promise<void> {
    await this.made?.clear()
  }
}
