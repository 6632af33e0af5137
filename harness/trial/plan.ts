import type { LoadedConfig } from '../config.ts'
import type { Engine, LoadProgress, ScenarioFacts } from '../engine/port.ts'
import type { ProfilerFactory } from '../profile/port.ts'
import type { Pinning, TrialRecord } from '../record/schema.ts'

/** One cell of the campaign's plan: what to run, and where it stands in the design. */
export interface TrialPlan {
  run: string
  trial: number
  key: TrialRecord['key']
  variant: string
  /** Of a suite: what the variant stands for there. */
  task: string | null
  scenario: string
  primary: string
  facts: ScenarioFacts
  script: string
  /** Of the script, with placeholders. */
  env: Record<string, string>
  options: Record<string, unknown>
  /** What the scenario adds to the environment of the target, with placeholders. */
  targetEnv: Record<string, string>
  /** Names of the services to start, in this order. */
  services: string[]
  warmup: { script: string; env: Record<string, string> } | null
}

export interface TrialSetting {
  config: LoadedConfig
  engine: Engine
  pinning: Pinning
  /** Where logs of this run go. */
  logsDir: string
  /** Kept between trials (certificates and the like). */
  stateDir: string
  /** Made for the trial and removed after it. */
  scratchDir: string
  /** Why instructions are not counted here; null where they are. */
  notCounted: string | null
  /** The fingerprint of this machine. */
  machine: string
  /** Looks into the target; absent: nothing does. */
  profiler?: ProfilerFactory
}

export interface TrialEvents {
  stage(text: string): void
  /** Once a second; `second` has the target's newest values too. */
  progress(progress: LoadProgress): void
}
