import { join } from 'node:path'
import type { LoadJob } from '../engine/port.ts'
import type { TrialPlan, TrialSetting } from './plan.ts'
import type { Servers } from './servers.ts'

/** The load of a trial, once it is known where its servers are. @param url of the target; null: there is none */
export function jobOf(plan: TrialPlan, setting: TrialSetting, servers: Servers, url: string | null): LoadJob {
  const base = url === null ? {} : { BASE_URL: url }
  const filled = (env: Record<string, string>, where: string) => ({ ...servers.fill(env, where), ...base })
  const { warmup, task } = plan
  return {
    script: plan.script,
    env: filled(plan.env, `scenarios.${plan.scenario}`),
    options: plan.options,
    // What measures without a target does on the target's CPUs what is to be measured.
    cpus: url === null ? setting.pinning.target : setting.pinning.rest,
    ...(task === null ? {} : { tasks: [task] }),
    logFile: join(setting.logsDir, `${String(plan.trial).padStart(3, '0')}-generator.log`),
    ...(warmup ? { warmup: { script: warmup.script, env: filled(warmup.env, 'warmup'), options: {} } } : {}),
  }
}
