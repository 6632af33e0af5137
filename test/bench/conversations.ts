import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Part } from './bench.ts'
import { figureTable } from './figures.ts'
import { growthPerUser, underLoad } from './load.ts'
import { cpuUsOf, rssKBOf } from './process-figures.ts'
import { type StreamTarget, withStreamTarget } from './stream-target.ts'
import { median } from './text-table.ts'

/** One message of each conversation in so long. */
const everyMs = 10_000
/** New conversations a second: a server of Node takes these without a queue. */
const perSecond = 2000
const openPatienceMs = 60_000

interface Kind {
  name: 'websockets' | 'streams'
  called: string
  script: string
  url(address: string): string
}

const webSocket: Kind = {
  name: 'websockets',
  called: 'WebSocket sessions',
  script: 'websocket.ts',
  url: (address) => `ws://${address}/`,
}
const eventStream: Kind = {
  name: 'streams',
  called: 'event streams (k6/x/sse)',
  script: 'stream.js',
  url: (address) => `http://${address}/`,
}

export const webSockets = (count: number): Part => conversations(webSocket, count)
export const eventStreams = (count: number): Part => conversations(eventStream, count)

const conversations = (kind: Kind, count: number): Part => ({
  name: kind.name,
  title: `${count} open ${kind.called} with a message each ${everyMs / 1000} s: what they cost the generator`,
  connections: count,
  run: (bench) => withStreamTarget(bench, everyMs, (target) => describe(kind, count, target, bench)),
})

async function describe(kind: Kind, count: number, target: StreamTarget, bench: Bench): Promise<string> {
  const stages = [
    { duration: `${Math.ceil((1000 * count) / perSecond)}ms`, target: count },
    { duration: '1h', target: count },
  ]
  const env = { URL: kind.url(target.address), EVERY_MS: `${everyMs}` }
  const { seen, result } = await underLoad({ script: kind.script, env, options: { stages } }, bench, ({ pid }) =>
    watch(pid, count, target, bench),
  )
  const KBPerSession = growthPerUser(result, seen.rssKB, count)
  return figureTable([
    { what: 'open at the end', value: seen.open, digits: 0, target: { atLeast: count } },
    { what: 'messages', unit: 'per second', value: seen.messagesPerS, digits: 0, target: null },
    { what: 'memory', unit: 'KB/session', value: KBPerSession, digits: 1, target: { atMost: 35 } },
    { what: 'CPU', unit: 'of a core', value: seen.busy, digits: 3, target: { atMost: 0.5 } },
  ])
}

interface Hold {
  open: number
  messagesPerS: number
  rssKB: number
  busy: number
}

/** When all are open, `rounds` windows one after the other. */
async function watch(pid: number, count: number, target: StreamTarget, { options }: Bench): Promise<Hold> {
  const { seconds, rounds } = options
  await untilOpen(target, count)
  // The last ones have just come: what their coming cost shall be over.
  await sleep(2000 * seconds)
  const windows: Omit<Hold, 'open' | 'rssKB'>[] = []
  for (let round = 0; round < rounds; round++) {
    const before = await look(pid, target)
    await sleep(1000 * seconds)
    const after = await look(pid, target)
    const overMs = after.atMs - before.atMs
    windows.push({
      messagesPerS: (1000 * (after.messages - before.messages)) / overMs,
      busy: (after.cpuUs - before.cpuUs) / 1000 / overMs,
    })
  }
  const { open } = await target.status()
  return {
    open,
    messagesPerS: median(windows.map(({ messagesPerS }) => messagesPerS)),
    busy: median(windows.map(({ busy }) => busy)),
    rssKB: rssKBOf(pid),
  }
}

async function look(pid: number, target: StreamTarget): Promise<{ atMs: number; cpuUs: number; messages: number }> {
  const { messages } = await target.status()
  return { atMs: performance.now(), cpuUs: cpuUsOf(pid), messages }
}

async function untilOpen(target: StreamTarget, count: number): Promise<void> {
  const deadlineMs = performance.now() + openPatienceMs
  let open = 0
  while (open < count) {
    if (performance.now() > deadlineMs)
      throw new Error(`after ${openPatienceMs / 1000} s ${open} of ${count} were open`)
    await sleep(100)
    open = (await target.status()).open
  }
}
