/**
 * What a live page costs: the CPU of the generator and of the command beside it, while a page is open and while none is.
 * Both in one load, in turns of some seconds: two processes that do the same differ by more than a page costs.
 *
 *   npm run bench:live -- [--pairs 120] [--seconds 3]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { formatPercent, formatPercentRange } from '../../harness/compare/figures.ts'
import { centreWithInterval } from '../../harness/compare/signed-rank.ts'
import { familyOf } from '../../harness/target/process-tree.ts'
import { threadCounters } from '../../harness/target/thread-counters.ts'
import { launchChromium } from '../support/chromium.ts'
import { median, textTable } from './text-table.ts'

/** What had been used when a second of the load was over. */
interface Look {
  iterations: number
  /** CPU nanoseconds. */
  generator: number
  command: number
}

/** Of one turn. */
interface Cost {
  /** Of the generator, CPU microseconds an iteration. */
  generator: number
  /** Of the command, CPU milliseconds a second. */
  command: number
}

/** Seconds at the begin of the load, while compilers get warm, and of each turn, while a page opens or closes. */
const [warmS, changeS] = [15, 1]

const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '120' }, seconds: { type: 'string', default: '3' } },
})
const [pairs, turnS] = [Number(values.pairs), Number(values.seconds)]
if (!(pairs >= 6 && turnS > changeS)) throw new Error('expected --pairs from 6 and --seconds from 2')
const server = createServer((_, response) => response.end('hello'))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const browser = await launchChromium()
try {
  console.log(`${pairs} pairs of turns, ${turnS} s each; load average ${loadavg()[0]!.toFixed(2)} before`)
  const nobodyAsked = costBetween(await looksAtLoad(3 * turnS, null), warmS + turnS, warmS + 3 * turnS)
  const looks = await looksAtLoad(2 * pairs * turnS, isWatchedIn)
  const turns = Array.from({ length: 2 * pairs }, (_, turn) => {
    const startS = warmS + turn * turnS
    return { isWatched: isWatchedIn(turn), ...costBetween(looks, startS + changeS, startS + turnS) }
  })
  report(nobodyAsked, turns)
} finally {
  await browser.close()
  server.closeAllConnections()
  server.close()
}

/** First without, then with; in the next pair the other way round: what drifts meets both. */
function isWatchedIn(turn: number): boolean {
  return turn % 4 === 1 || turn % 4 === 2
}

function report(nobodyAsked: Cost, turns: readonly ({ isWatched: boolean } & Cost)[]): void {
  const watched = turns.filter(({ isWatched }) => isWatched)
  const alone = turns.filter(({ isWatched }) => !isWatched)
  const middle = (costs: readonly Cost[], who: keyof Cost) => median(costs.map((cost) => cost[who])).toFixed(2)
  const row = (who: keyof Cost) => [nobodyAsked[who].toFixed(2), middle(alone, who), middle(watched, who)]
  const logRatios = watched.map(({ generator }, pair) => Math.log(generator / alone[pair]!.generator))
  const { estimate, lower, upper } = centreWithInterval(logRatios)
  if (lower === null || upper === null) throw new Error(`no interval of ${logRatios.length} pairs`)
  const change = `${formatPercent(Math.expm1(estimate))} (${formatPercentRange(Math.expm1(lower), Math.expm1(upper))})`
  const rows = [
    ['CPU', 'without --live', '--live', 'and a page', 'the page (95% interval)'],
    ['generator, us an iteration', ...row('generator'), change],
    ['command, ms a second', ...row('command'), ''],
  ]
  console.log(textTable(rows))
}

function costBetween(looks: ReadonlyMap<number, Look>, fromS: number, toS: number): Cost {
  const [before, after] = [looks.get(fromS), looks.get(toS)]
  if (!before || !after) throw new Error(`the load did not tell of its second ${before ? toS : fromS}`)
  return {
    generator: (after.generator - before.generator) / 1e3 / (after.iterations - before.iterations),
    command: (after.command - before.command) / 1e6 / (toS - fromS),
  }
}

/**
 * One load, by its seconds.
 *
 * @param isWatched in which turns a page is open; null: there are none, and no --live
 */
async function looksAtLoad(seconds: number, isWatched: ((turn: number) => boolean) | null): Promise<Map<number, Look>> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const own = ['-e', `URL=${url}`, '-e', `SECONDS=${warmS + seconds + 2}`, ...(isWatched ? ['--live'] : [])]
  const args = [join(import.meta.dirname, '../../harness/cli.ts'), 'load', '--no-summary']
  const weir = spawn(process.execPath, [...args, join(import.meta.dirname, 'live/script.js'), ...own], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(weir, 'close')
  const page = await browser.newPage()
  let address = ''
  createInterface(weir.stderr).on('line', (line) => {
    address = /^live: (\S+)/.exec(line)?.[1] ?? address
  })
  const [generator, command] = [threadCounters(), threadCounters()]
  const looks = new Map<number, Look>()
  let shown: Promise<unknown> = Promise.resolve()
  for await (const line of createInterface(weir.stdout)) {
    const [, atS, iterations] = /^ +(\d+)s of .* (\d+) iterations/.exec(line) ?? []
    if (atS === undefined) continue
    const own = weir.pid!
    const others = familyOf(own).flatMap(({ pid }) => (pid === own ? [] : [pid]))
    looks.set(Number(atS), {
      iterations: Number(iterations),
      generator: generator(others).cpuNs,
      command: command([own]).cpuNs,
    })
    const turn = (Number(atS) - warmS) / turnS
    if (!isWatched || turn < 0) continue
    if (Number.isInteger(turn)) shown = page.goto(isWatched(turn) ? address : 'about:blank')
    // A page that did not open would be counted as one that did.
    else await shown
  }
  await ended
  await page.close()
  return looks
}
