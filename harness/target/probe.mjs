/**
 * The probe: preloaded into the Node processes of a target (`NODE_OPTIONS=--import=...`), it watches the process from
 * inside and reports once a second, a JSON line a thread, over the Unix socket named in WEIR_PROBE_SOCKET:
 *
 *   {"hello":{"pid":4711,"thread":0,"command":"node server.js","node":"v24.21.0"}}
 *   {"sample":{"atMs":...,"intervalMs":1000.4,"eventLoopDelay":{...},...}}         see ProbeSample in port.ts
 *
 * Plain JavaScript without dependencies, because it runs in whatever Node (20 or later) the target has. It prints
 * nothing, keeps nothing alive, and does nothing at all without a receiver. Threads made from a file have a stream of
 * their own; Node does not preload into threads made with `eval: true`.
 *
 * The one thing it ever does to its process: a receiver that ends in order removes its socket's file first. When the
 * connection is lost and the file is still there, the harness was killed the hard way, and nobody is left to stop what
 * it started. Then the probe writes one line to stderr (the target's log) and ends the process like the harness would:
 * SIGTERM, and SIGKILL when that did not help.
 */
import { existsSync, writeSync } from 'node:fs'
import { connect } from 'node:net'
import { constants, monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'
import { threadId } from 'node:worker_threads'

const periodMs = 1000
/** 100 wake-ups a second cost far less than 1% of a core and see every stall of more than 10 ms. */
const resolutionMs = 10
const patienceAfterSigtermMs = 5000

/** Taken now: a target's own tests may put fake timers in their place later. */
const { setInterval, clearInterval, setTimeout } = globalThis

if (process.env.WEIR_PROBE_SOCKET) {
  try {
    report(process.env.WEIR_PROBE_SOCKET)
  } catch {
    // A target must run without its probe rather than not at all.
  }
}

function report(socketPath) {
  const takeSample = watch()
  const socket = connect(socketPath)
  const send = (message) => socket.writable && socket.write(`${JSON.stringify(message)}\n`)
  const sendSample = () => send({ sample: takeSample() })
  const timer = setInterval(sendSample, periodMs).unref()
  // The socket takes a small write at once, so the last part of a second gets out even now.
  process.on('exit', sendSample)
  endWhenAbandoned(socket, socketPath)
  socket.on('close', () => {
    clearInterval(timer)
    process.off('exit', sendSample)
    takeSample.end()
  })
  // Nothing is ever received; reading is how the end is noticed.
  socket.resume()
  socket.unref()
  send({ hello: { pid: process.pid, thread: threadId, command: process.argv.join(' '), node: process.version } })
}

function endWhenAbandoned(socket, socketPath) {
  let wasConnected = false
  socket.on('connect', () => (wasConnected = true))
  socket.on('error', () => {})
  socket.on('close', () => {
    if (!wasConnected || threadId !== 0 || !existsSync(socketPath)) return
    trySay('weir probe: the harness has vanished; ending this process\n')
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), patienceAfterSigtermMs).unref()
  })
}

function trySay(line) {
  try {
    writeSync(2, line)
  } catch {
    // Nobody reads stderr any more.
  }
}

/** Gives a function that takes what was seen since its last call. */
function watch() {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  const perIteration = knowsSamplePerIteration() ? monitorEventLoopDelay({ samplePerIteration: true }) : null
  const pauses = watchGc()
  delay.enable()
  perIteration?.enable()
  let atMs = monotonicMs()
  let cpu = process.cpuUsage()
  let utilization = performance.eventLoopUtilization()

  const takeSample = () => {
    const before = { atMs, cpu, utilization }
    atMs = monotonicMs()
    cpu = process.cpuUsage()
    utilization = performance.eventLoopUtilization()
    const memory = process.memoryUsage()
    return {
      atMs,
      intervalMs: atMs - before.atMs,
      pid: process.pid,
      thread: threadId,
      eventLoopDelay: takeDelay(delay),
      ...(perIteration ? { eventLoopDelayPerIteration: takeIterations(perIteration) } : {}),
      eventLoopUtilization: performance.eventLoopUtilization(utilization, before.utilization).utilization,
      gc: pauses.take(),
      heapUsedBytes: memory.heapUsed,
      heapTotalBytes: memory.heapTotal,
      externalBytes: memory.external,
      rssBytes: memory.rss,
      cpuUserMs: (cpu.user - before.cpu.user) / 1000,
      cpuSystemMs: (cpu.system - before.cpu.system) / 1000,
    }
  }
  takeSample.end = () => {
    delay.disable()
    perIteration?.disable()
    pauses.end()
  }
  return takeSample
}

/** Interval mode records the whole time between two ticks: what is above the resolution is delay. */
function takeDelay(histogram) {
  const delayMs = (intervalNs) => toMs(Math.max(0, intervalNs - resolutionMs * 1e6))
  const { count } = histogram
  const taken = {
    mode: 'interval',
    resolutionMs,
    minMs: count === 0 ? 0 : delayMs(histogram.min),
    meanMs: count === 0 ? 0 : delayMs(histogram.mean),
    p50Ms: delayMs(histogram.percentile(50)),
    p99Ms: delayMs(histogram.percentile(99)),
    maxMs: count === 0 ? 0 : delayMs(histogram.max),
    count,
    counts: count === 0 ? [] : countsOf(histogram, delayMs),
  }
  histogram.reset()
  return taken
}

function takeIterations(histogram) {
  const { count } = histogram
  const taken = {
    p50Ms: toMs(histogram.percentile(50)),
    p99Ms: toMs(histogram.percentile(99)),
    maxMs: count === 0 ? 0 : toMs(histogram.max),
    count,
  }
  histogram.reset()
  return taken
}

/** A second has a hundred samples: finer where somebody asks, at the median and beyond it. */
const percentsTold = [10, 25, 40, 50, 60, 70, 80, 85, 90, 92.5, 95, 96, 97, 98, 99, 99.5, 100]

/** How many samples lie at the value of each of these percentiles, or between it and the one before. */
function countsOf(histogram, delayMs) {
  const counts = []
  let seen = 0
  for (const percent of percentsTold) {
    const upTo = Math.round((percent / 100) * histogram.count)
    if (upTo > seen) counts.push([delayMs(histogram.percentile(percent)), upTo - seen])
    seen = Math.max(seen, upTo)
  }
  return counts
}

function watchGc() {
  const names = new Map([
    [constants.NODE_PERFORMANCE_GC_MINOR, 'minor'],
    [constants.NODE_PERFORMANCE_GC_MINOR_MARK_SWEEP, 'minor'],
    [constants.NODE_PERFORMANCE_GC_MAJOR, 'major'],
    [constants.NODE_PERFORMANCE_GC_INCREMENTAL, 'incremental'],
    [constants.NODE_PERFORMANCE_GC_WEAKCB, 'weakcb'],
  ])
  let byKind = new Map()
  const add = ({ duration, detail }) => {
    const kind = names.get(detail.kind)
    if (!kind) return
    const { count, totalMs, maxMs } = byKind.get(kind) ?? { count: 0, totalMs: 0, maxMs: 0 }
    byKind.set(kind, { kind, count: count + 1, totalMs: totalMs + duration, maxMs: Math.max(maxMs, duration) })
  }
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(add))
  observer.observe({ entryTypes: ['gc'] })
  const take = () => {
    observer.takeRecords().forEach(add)
    const taken = [...byKind.values()]
    byKind = new Map()
    return taken
  }
  return { take, end: () => observer.disconnect() }
}

/** A Node that does not know the option takes anything for it and measures in interval mode. */
function knowsSamplePerIteration() {
  try {
    monitorEventLoopDelay({ samplePerIteration: 'is checked where it is known' })
    return false
  } catch {
    return true
  }
}

function monotonicMs() {
  return Number(process.hrtime.bigint()) / 1e6
}

function toMs(ns) {
  return Math.round(ns / 1000) / 1000
}
