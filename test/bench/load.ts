import { resolve } from 'node:path'
import type { LoadJob, LoadResult } from '../../harness/engine/port.ts'
import { sessionsEngine } from '../../harness/engine/sessions/engine.ts'
import type { Bench } from './bench.ts'
import { rssKBOf } from './process-figures.ts'

/** A load of weir's own engine, in one generator process. */
export interface RunningLoad {
  /** Of the generator. */
  pid: number
  /** On the scale of performance.now(). */
  spawnedAtMs: number
  /** When all users were initialised and nothing was sent yet. */
  ready: { afterMs: number; rssKB: number }
}

interface StartedLoad extends RunningLoad {
  ended: Promise<LoadResult>
  stop(): void
}

export interface LoadSpec extends Pick<LoadJob, 'env' | 'options'> {
  /** In the folder of scripts, or an absolute path. */
  script: string
}

/** Where the generator runs. */
type Pinned = Pick<Bench, 'generatorCpus'>

/** The load runs for as long as the work takes. @throws Error when it ends by itself, which none of these loads shall */
export async function underLoad<T>(
  spec: LoadSpec,
  bench: Pinned,
  work: (load: RunningLoad) => Promise<T>,
): Promise<{ seen: T; result: LoadResult }> {
  const load = await startLoad(spec, bench)
  try {
    const seen = await Promise.race([work(load), brokenOff(load.ended)])
    load.stop()
    return { seen, result: await load.ended }
  } finally {
    load.stop()
    await load.ended.catch(() => {})
  }
}

/** Resolves when its users are initialised. */
async function startLoad({ script, env, options }: LoadSpec, { generatorCpus }: Pinned): Promise<StartedLoad> {
  const cut = new AbortController()
  const spawnedAtMs = performance.now()
  const isReady = Promise.withResolvers<Pick<RunningLoad, 'pid' | 'ready'>>()
  const ended = sessionsEngine.run(
    { script: scriptPath(script), env, options, generators: 1, cpus: generatorCpus },
    {
      ready: (_, [pid]) =>
        isReady.resolve({ pid: pid!, ready: { afterMs: performance.now() - spawnedAtMs, rssKB: rssKBOf(pid!) } }),
    },
    cut.signal,
  )
  const { pid, ready } = await Promise.race([isReady.promise, brokenOff(ended)])
  return { pid, spawnedAtMs, ready, ended, stop: () => cut.abort() }
}

async function brokenOff(ended: Promise<LoadResult>): Promise<never> {
  const { endedBecause, warnings } = await ended
  throw new Error([`the load ended by itself: ${endedBecause ?? 'it was through'}`, ...warnings].join('; '))
}

/** `get.ts` -> its absolute path */
export const scriptPath = (name: string): string => resolve(import.meta.dirname, 'scripts', name)

/** How the memory grew from when the script had been read and there was no user yet. */
export const growthPerUser = ({ generator }: LoadResult, rssKB: number, users: number): number =>
  (rssKB - generator!.rssIdleBytes / 1000) / users
