import { existsSync } from 'node:fs'
import { dirname, isAbsolute, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { z } from 'zod'
import { messageOf, UserError, unknownName } from './errors.ts'
import { parseDurationMs } from './metrics/duration.ts'
import { parseSelector } from './metrics/selector.ts'
import { assertPlaceholders } from './placeholders.ts'

/** What `parse` throws becomes the message about the key. */
const parsedBy =
  <In, Out>(parse: (value: In) => Out) =>
  (value: In, context: z.RefinementCtx): Out => {
    try {
      return parse(value)
    } catch (error) {
      context.addIssue({ code: 'custom', message: messageOf(error) })
      return z.NEVER
    }
  }

const duration = z.union([z.string(), z.number()]).transform(parsedBy((value) => parseDurationMs(value)))

const env = z.record(z.string(), z.string())

/** GET on `http` answers 2xx, or with `tcp: true` the port accepts a connection. */
const ready = z
  .union([
    z.strictObject({ http: z.string().startsWith('/'), timeout: duration.default(15_000) }),
    z.strictObject({ tcp: z.literal(true), timeout: duration.default(15_000) }),
  ])
  .transform(({ timeout, ...probe }) => ({ ...probe, timeoutMs: timeout }))

const command = z.array(z.string()).min(1)

const launched = z.strictObject({
  description: z.string().default(''),
  /** Program and arguments; `{port}` and the like are filled in. */
  command,
  cwd: z.string().optional(),
  env: env.default({}),
  ready,
  /** A fixed port; without it a free one is chosen. */
  port: z.number().int().min(1).max(65535).optional(),
  stopTimeout: duration.default(10_000),
  /** Preload the probe into Node processes of the target. */
  probe: z.boolean().default(true),
})

const reached = z.strictObject({
  description: z.string().default(''),
  /** A server that is running already; it is not started, not stopped and not watched. */
  url: z.url(),
})

const service = z.strictObject({
  command,
  cwd: z.string().optional(),
  env: env.default({}),
  ready,
  /** Names of further ports to choose, for `{ports.NAME}` here and `{services.SERVICE.NAME}` elsewhere. */
  ports: z.array(z.string()).default([]),
  stopTimeout: duration.default(5_000),
  /**
   * A path of the service that tells, at each GET, how late it was since the one before:
   * `{ "count": 2000, "p50Ms": 0.6, "p99Ms": 1.4, "maxMs": 3 }`. For services that pace what they send.
   */
  lateness: z.string().startsWith('/').optional(),
})

const selector = z.string().superRefine((text, context) => void parsedBy(parseSelector)(text, context))

const scenario = z.strictObject({
  description: z.string().default(''),
  /** A k6 script, relative to the config file. */
  script: z.string(),
  env: env.default({}),
  /** k6 options that win over the script's own. */
  options: z.record(z.string(), z.unknown()).default({}),
  /** The one metric that gets a verdict; without it the script's own `ext.weir.primary`. */
  primary: selector.optional(),
  /** What changes with --quick. */
  quick: z.strictObject({ env: env.default({}), options: z.record(z.string(), z.unknown()).default({}) }).optional(),
})

const campaign = z.strictObject({
  /** The question that the campaign answers, as one sentence; it heads the report. */
  question: z.string(),
  variants: z.array(z.string()).min(1),
  /** The variant that the others are compared with. */
  baseline: z.string(),
  scenarios: z.array(z.string()).min(1),
  blocks: z.number().int().min(1),
  quick: z.strictObject({ blocks: z.number().int().min(1) }).default({ blocks: 1 }),
})

const schema = z.strictObject({
  variants: z.record(z.string(), z.union([launched, reached])),
  services: z.record(z.string(), service).default({}),
  scenarios: z.record(z.string(), scenario),
  /** A script that runs before each measured load, the same for all variants. */
  warmup: z
    .strictObject({ script: z.string(), env: env.default({}), quick: z.strictObject({ env }).optional() })
    .optional(),
  campaigns: z.record(z.string(), campaign),
})

/** What a config file writes. */
export type ConfigInput = z.input<typeof schema>
export type Config = z.output<typeof schema>
export type LaunchedVariant = z.output<typeof launched>
export type ReachedVariant = z.output<typeof reached>
export type VariantConfig = LaunchedVariant | ReachedVariant
export type ServiceConfig = z.output<typeof service>
export type ScenarioConfig = z.output<typeof scenario>
export type CampaignConfig = z.output<typeof campaign>

/** A config that has been read and checked, with where it stands: relative paths in it are relative to `dir`. */
export interface LoadedConfig extends Config {
  dir: string
  file: string
}

/** Types a config; what `weir.config.ts` exports by default. */
export const defineConfig = (config: ConfigInput): ConfigInput => config

export const isLaunched = (variant: VariantConfig): variant is LaunchedVariant => 'command' in variant

/**
 * Reads and checks a config file.
 * @throws UserError that names the key and what was expected
 */
export async function loadConfig(path = 'weir.config.ts', cwd = process.cwd()): Promise<LoadedConfig> {
  const file = isAbsolute(path) ? path : resolve(cwd, path)
  if (!existsSync(file)) {
    throw new UserError(
      `no config at ${file}. Write a weir.config.ts with \`export default defineConfig({ ... })\`, or name one with --config`,
    )
  }
  const module = await importConfig(file)
  if (module.default === undefined)
    throw new UserError(`${file} has no default export. Expected: export default defineConfig({ ... })`)
  return { ...checkConfig(module.default, file), dir: dirname(file), file }
}

async function importConfig(file: string): Promise<{ default?: unknown }> {
  try {
    return (await import(pathToFileURL(file).href)) as { default?: unknown }
  } catch (error) {
    if (error instanceof UserError) throw error
    throw new UserError(`${file} could not be loaded: ${messageOf(error)}`)
  }
}

/** @throws UserError; @param file for messages */
export function checkConfig(input: unknown, file: string): Config {
  const parsed = schema.safeParse(input, { reportInput: true })
  if (!parsed.success) throw new UserError(parsed.error.issues.map((issue) => describeIssue(issue, file)).join('\n'))
  const config = parsed.data
  assertPlaceholders(Object.fromEntries(Object.entries(config.variants).filter(isEntryLaunched)), config.services)
  for (const [name, { variants, scenarios, baseline }] of Object.entries(config.campaigns)) {
    const where = `${file}: campaigns.${name}`
    for (const variant of [...variants, baseline]) assertKnown(`${where}: variant`, variant, config.variants)
    for (const scenarioName of scenarios) assertKnown(`${where}: scenario`, scenarioName, config.scenarios)
    assertOnce(`${where}: variant`, variants)
    assertOnce(`${where}: scenario`, scenarios)
    if (!variants.includes(baseline))
      throw new UserError(`${where}: baseline "${baseline}" is not among its variants: ${variants.join(', ')}`)
  }
  return config
}

const isEntryLaunched = (entry: [string, VariantConfig]): entry is [string, LaunchedVariant] => isLaunched(entry[1])

export function assertKnown(kind: string, name: string, known: object): void {
  if (!Object.hasOwn(known, name)) throw unknownName(kind, name, Object.keys(known))
}

/** A block holds each of them once: a second time would be a trial that nothing is compared with. */
function assertOnce(kind: string, names: string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) < index)
  if (twice !== undefined) throw new UserError(`${kind} "${twice}" is named twice; name each once`)
}

type Issue = z.core.$ZodIssue

const keysOfShape = (shape: unknown): string[] => (shape instanceof z.ZodObject ? Object.keys(shape.shape) : [])

function describeIssue(issue: Issue, file: string): string {
  // Of a union, the branch that fits best tells most.
  if (issue.code === 'invalid_union') {
    const branches = [...issue.errors].sort((a, b) => severity(a) - severity(b))
    const best = branches[0]?.[0]
    if (best) return describeIssue({ ...best, path: [...issue.path, ...best.path] } as Issue, file)
  }
  const path = issue.path.map(String).join('.')
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${file}: ${describeStranger(key, issue)}`).join('\n')
  return `${file}: ${path === '' ? 'the config' : `key "${path}"`}: ${issue.message}`
}

function describeStranger(key: string, { path, keys, input }: z.core.$ZodIssueUnrecognizedKeys): string {
  const known = keysAt(path)
  const title = `key "${[...path, key].join('.')}"`
  // Of two forms (`command` or `url`, `http` or `tcp`) the keys of one are strangers in the other.
  if (known.includes(key)) {
    const others = Object.keys(input ?? {}).filter((other) => !keys.includes(other))
    return `${title} cannot stand beside ${others.map((other) => `"${other}"`).join(', ')}`
  }
  return `${title} does not exist${known.length > 0 ? `. It is one of: ${known.join(', ')}` : ''}`
}

/** An unknown key in an otherwise fitting object says more than a missing one. */
const severity = (issues: Issue[]): number => issues.filter(({ code }) => code !== 'unrecognized_keys').length

function keysAt(path: PropertyKey[]): string[] {
  const [section, , inner] = path.map(String)
  if (section === undefined) return keysOfShape(schema)
  if (section === 'variants') return inner === 'ready' ? ['http', 'tcp', 'timeout'] : [...keysOfShape(launched), 'url']
  if (section === 'services') return inner === 'ready' ? ['http', 'tcp', 'timeout'] : keysOfShape(service)
  if (section === 'scenarios') return inner === 'quick' ? ['env', 'options'] : keysOfShape(scenario)
  if (section === 'campaigns') return inner === 'quick' ? ['blocks'] : keysOfShape(campaign)
  if (section === 'warmup') return path[1] === 'quick' ? ['env'] : ['script', 'env', 'quick']
  return []
}
