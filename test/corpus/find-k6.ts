import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * The k6 whose behaviour the stored expectations tell: a newer one may behave differently, which is news to look at
 * and no reason for a red test. (`go.k6.io/k6/v2` cannot be had yet: its module path leads nowhere.)
 */
export const k6Module = 'go.k6.io/k6@v1.8.1'

/** Where build-k6.ts keeps what it built. */
export const cachedK6 = join(
  ...[process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'weir', k6Module.replaceAll('/', '_'), 'k6'],
)

/** A real k6: the one that WEIR_K6 names, the one in PATH, or the one that build-k6.ts made; null where there is none. */
export function findK6(): string | null {
  if (process.env.WEIR_K6) return process.env.WEIR_K6
  const inPath = (process.env.PATH ?? '').split(':').map((folder) => join(folder, 'k6'))
  return [...inPath, cachedK6].find((file) => existsSync(file)) ?? null
}

/** @returns such as `v1.8.1` */
export const versionOfK6 = (binary: string): string =>
  /v\d[^\s]*/.exec(execFileSync(binary, ['version'], { encoding: 'utf8' }))?.[0] ?? 'unknown'

/** Is there a Go that builds k6? It fetches a newer toolchain by itself when its own is too old. */
export const hasGo = (): boolean => spawnSync('go', ['version']).status === 0
