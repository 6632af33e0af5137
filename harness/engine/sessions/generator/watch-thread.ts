/**
 * A thread of the generator for what its main thread cannot do while a script holds up its event loop: it ends the
 * process when the parent is gone, and tells the parent, over a channel of its own, where a script computes without a
 * pause.
 */

import { writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { RunnableCode } from '../script/load.ts'
import type { Place } from '../script/stuck.ts'
import { StillnessWatch } from './heartbeat.ts'

export interface WatchOrder {
  heartbeat: SharedArrayBuffer
  /** How long a main thread may stand still. */
  longestSilenceMs: number
  /** Descriptor of the channel to the parent. */
  channel: number
}

/** Watch thread to parent, one JSON line each. */
export interface Spin extends Place {
  /** During the load, or before or after it, where it harms no measurement. */
  isInLoad: boolean
  seconds: number
}

const { heartbeat, longestSilenceMs, channel } = workerData as WatchOrder
const parent = process.ppid
const readings = 10
const scripts: RunnableCode[] = []

parentPort?.on('message', (script: RunnableCode) => void scripts.push(script))
parentPort?.unref()

const watch = new StillnessWatch(heartbeat, readings)

setInterval(async () => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGKILL')
  const found = watch.read()
  if (found === 'alive') return
  // Loaded when it is needed: a thread that only watches stays small.
  const { placeOfMainThread } = await import('../script/stuck.ts')
  let place: Place | null = null
  do {
    const wasEngine = place !== null
    place = await placeOfMainThread(scripts, () => watch.hasMoved)
    // Told once of the engine; what stands still behind that may be the script.
    if (place === null || (wasEngine && place.isEngine)) continue
    const spin: Spin = { isInLoad: found === 'still in load', seconds: longestSilenceMs / 1000, ...place }
    writeSync(channel, `${JSON.stringify(spin)}\n`)
  } while (place?.isEngine)
}, longestSilenceMs / readings)
