import { join } from 'node:path'
import type { LoadJob } from '../engine/port.ts'
import type { TrialPlan, TrialSetting } from './plan.ts'
import type { Servers } from './servers.ts'

/** The load of a trial, once it is known where its servers are. @param url of the target */
export function jobOf(plan: TrialPlan, setting: TrialSetting, servers: Servers, url: string): LoadJob {
  const filled = (env: Record<string, string>, where: string) => ({ ...servers.fill(env, where), BASE_URL: url })
  const { warmup } = plan
  return {
    script: plan.script,
    env: filled(plan.env, `scenarios.${plan.scenario}`),
    options: plan.options,
    cpus: setting.pinning.rest,
    logFile: join(setting.logsDir, `${String(plan.trial).padStart(3, '0')}-generator.log`),
    ...(warmup ? { warmup: { script: warmup.script, env: filled(warmup.env, 'warmup'), options: {} } } : {}),
  }
}
