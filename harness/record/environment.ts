import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform, release, totalmem, type } from 'node:os'
import { dirname, join } from 'node:path'
import { readGit } from './git.ts'
import type { Environment } from './schema.ts'

/** By affinity and by the quota of a container; at first, since weir moves itself off the target's CPU later. */
const usableCpus = availableParallelism()

/**
 * The machine and the software under it, as every run's header keeps it. `cwd` is the folder whose git state is
 * meant. `instructionsCounted` is handed in by the caller, who has asked perf. What a system does not tell is null.
 */
export async function readEnvironment(cwd: string, instructionsCounted = false): Promise<Environment> {
  const facts = {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    usableCpus,
    memoryMB: Math.round(totalmem() / 2 ** 20),
    kernel: `${type()} ${release()}`,
    platform: `${platform()} ${arch()}`,
    node: process.version,
    limits: readLimits(),
    governor: readLine('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
    virtualised: virtualisation(),
  }
  return {
    fingerprint: fingerprint(facts),
    ...facts,
    weir: weirVersion(),
    instructionsCounted,
    git: await readGit(cwd),
    ci: ciName(process.env),
  }
}

type MachineFacts = Pick<
  Environment,
  'cpu' | 'cores' | 'usableCpus' | 'memoryMB' | 'kernel' | 'platform' | 'node' | 'limits' | 'governor' | 'virtualised'
>

/**
 * 12 hexadecimal digits over all that influences speed. Memory counts in whole GB: what a kernel keeps for itself
 * varies a little from boot to boot.
 */
export function fingerprint(facts: MachineFacts): string {
  const { cpu, cores, usableCpus = cores, memoryMB, kernel, platform, node, limits, governor, virtualised } = facts
  const { openFiles, listenBacklog, ephemeralPorts } = limits
  const gigabytes = Math.round(memoryMB / 1024)
  const parts = [
    cpu,
    cores,
    gigabytes,
    kernel,
    platform,
    node,
    openFiles,
    listenBacklog,
    ephemeralPorts,
    governor,
    virtualised,
    // Of a machine that weir has to itself the fingerprint is what it was before weir asked.
    ...(usableCpus < cores ? [usableCpus] : []),
  ]
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12)
}

function readLimits(): Environment['limits'] {
  const [first, last] = (readLine('/proc/sys/net/ipv4/ip_local_port_range') ?? '').split(/\s+/).map(Number)
  const backlog = readLine('/proc/sys/net/core/somaxconn')
  return {
    openFiles: parseOpenFiles(readText('/proc/self/limits') ?? '') ?? openFilesByReport(),
    listenBacklog: backlog === null ? null : Number(backlog),
    ephemeralPorts: first && last ? [first, last] : null,
  }
}

/** The soft limit in a row `Max open files   1024   4096   files`; null where there is none. */
export function parseOpenFiles(limits: string): number | null {
  const soft = /^Max open files\s+(\S+)/m.exec(limits)?.[1]
  if (soft === undefined) return null
  return soft === 'unlimited' ? Number.MAX_SAFE_INTEGER : Number(soft)
}

/** Slower than /proc, and there on every system. */
function openFilesByReport(): number {
  const report = process.report.getReport() as { userLimits?: { open_files?: { soft: number | string } } }
  const soft = report.userLimits?.open_files?.soft
  return typeof soft === 'number' ? soft : Number.MAX_SAFE_INTEGER
}

/** A hint, not a proof: what the container's marker files, the firmware's name and the CPU's flags say. */
function virtualisation(): string | null {
  const product = readLine('/sys/class/dmi/id/product_name')
  const isVirtual = /^flags.*\bhypervisor\b/m.test(readText('/proc/cpuinfo') ?? '')
  const machine = isVirtual ? `virtual machine${product ? ` (${product})` : ''}` : null
  const container = ['/.dockerenv', '/run/.containerenv'].some((marker) => existsSync(marker)) ? 'container' : null
  return [container, machine].filter(Boolean).join(' in ') || null
}

const ciSystems: readonly (readonly [variable: string, name: string])[] = [
  ['GITHUB_ACTIONS', 'GitHub Actions'],
  ['GITLAB_CI', 'GitLab CI'],
  ['CIRCLECI', 'CircleCI'],
  ['BUILDKITE', 'Buildkite'],
  ['JENKINS_URL', 'Jenkins'],
  ['TF_BUILD', 'Azure Pipelines'],
  ['TEAMCITY_VERSION', 'TeamCity'],
  ['TRAVIS', 'Travis CI'],
  ['CI', 'unknown CI'],
]

/** Which CI system's variables are set; null outside of CI. */
export const ciName = (env: NodeJS.ProcessEnv): string | null =>
  ciSystems.find(([variable]) => env[variable] && env[variable] !== 'false')?.[1] ?? null

/** The version in the nearest package.json above this file: the same one from source and from a build folder. */
function weirVersion(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const text = readText(join(folder, 'package.json'))
    if (text) return (JSON.parse(text) as { version: string }).version
    if (folder === dirname(folder)) return 'unknown'
  }
}

const readLine = (file: string): string | null => readText(file)?.trim() || null

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}
