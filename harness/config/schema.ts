import { z } from 'zod'
import { type ResolvedCampaign, resolvedCampaign } from './campaigns.ts'
import { gate } from './gates.ts'
import { need } from './needs.ts'
import { launched, reached, service, taskOnly } from './processes.ts'
import { scenario, warmup } from './scenarios.ts'

/** All of a config file, its concerns in the files beside this one. */
export const schema = z.strictObject({
  variants: z.record(z.string(), z.union([launched, reached, taskOnly])),
  services: z.record(z.string(), service).default({}),
  scenarios: z.record(z.string(), scenario),
  warmup: warmup.optional(),
  needs: z.record(z.string(), need).default({}),
  campaigns: z.record(z.string(), resolvedCampaign),
  gates: z.record(z.string(), gate).default({}),
})

/** What a config file writes. */
export type ConfigInput = z.input<typeof schema>
export type Config = z.output<typeof schema>
export type LaunchedVariant = z.output<typeof launched>
export type ReachedVariant = z.output<typeof reached>
export type TaskVariant = z.output<typeof taskOnly>
export type VariantConfig = LaunchedVariant | ReachedVariant | TaskVariant
export type ServiceConfig = z.output<typeof service>
export type ScenarioConfig = z.output<typeof scenario>
export type CampaignConfig = ResolvedCampaign
export type GateConfig = z.output<typeof gate>
export type NeedConfig = z.output<typeof need>

export const isLaunched = (variant: VariantConfig): variant is LaunchedVariant => 'command' in variant
export const isTaskOnly = (variant: VariantConfig): variant is TaskVariant => 'task' in variant
