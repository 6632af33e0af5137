/**
 * What a live page costs: the CPU of the generator and of the command beside it under a paced load, with a page that somebody
 * has open and without --live, in pairs whose order alternates.
 *
 *   npm run bench:live -- [--pairs 10] [--seconds 20]
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
import { launchChromium } from '../support/chromium.ts'
import { cpuUsOf, cpuUsOfFamily } from './process-figures.ts'
import { median, textTable } from './text-table.ts'

/** CPU in microseconds an iteration. */
interface Cost {
  generator: number
  command: number
}

/** Seconds at the begin that do not count: compilers get warm, the page is opened. */
const settleS = 3

const { values } = parseArgs({
  options: { pairs: { type: 'string', default: '10' }, seconds: { type: 'string', default: '20' } },
})
const [pairs, seconds] = [Number(values.pairs), Number(values.seconds)]
const server = createServer((_, response) => response.end('hello'))
server.listen(0, '127.0.0.1')
await once(server, 'listening')
const browser = await launchChromium()
try {
  console.log(`${pairs} pairs, ${seconds} s each; load average ${loadavg()[0]!.toFixed(2)} before`)
  const measured: { watched: Cost; alone: Cost }[] = []
  for (let pair = 0; pair < pairs; pair++) {
    const [first, second] = [await costOf(pair % 2 === 0), await costOf(pair % 2 === 1)]
    measured.push(pair % 2 === 0 ? { watched: first, alone: second } : { watched: second, alone: first })
  }
  const rows = (['generator', 'command'] as const).map((who) => rowOf(who, measured))
  console.log(textTable([['CPU an iteration', 'without', 'with a page', 'change', '95% interval'], ...rows]))
} finally {
  await browser.close()
  server.closeAllConnections()
  server.close()
}

function rowOf(who: keyof Cost, measured: readonly { watched: Cost; alone: Cost }[]): string[] {
  const us = (side: 'watched' | 'alone') => `${median(measured.map((pair) => pair[side][who])).toFixed(1)} us`
  const { estimate, lower, upper } = centreWithInterval(measured.map(({ watched, alone }) => Math.log(watched[who] / alone[who]))) // biome-ignore format: one formula
  const interval = lower === null || upper === null ? '' : formatPercentRange(Math.expm1(lower), Math.expm1(upper))
  return [who, us('alone'), us('watched'), formatPercent(Math.expm1(estimate)), interval]
}

/** Of one load, from `settleS` to its last second, by what the kernel counts: in steps of 10 ms, so short loads tell little. */
async function costOf(isWatched: boolean): Promise<Cost> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const own = ['-e', `URL=${url}`, '-e', `SECONDS=${seconds + settleS + 1}`, ...(isWatched ? ['--live'] : [])]
  const script = join(import.meta.dirname, 'live/script.js')
  const args = [join(import.meta.dirname, '../../harness/cli.ts'), 'load', '--no-summary', script, ...own]
  const weir = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = once(weir, 'close')
  const page = isWatched ? await browser.newPage() : null
  createInterface(weir.stderr).on('line', (line) => {
    const [, address] = /^live: (\S+)/.exec(line) ?? []
    if (address) void page?.goto(address)
  })
  const looks: { iterations: number; generator: number; command: number }[] = []
  for await (const line of createInterface(weir.stdout)) {
    const [, atS, iterations] = /^ +(\d+)s of .* (\d+) iterations/.exec(line) ?? []
    if (Number(atS) !== settleS && Number(atS) !== settleS + seconds) continue
    const command = cpuUsOf(weir.pid!)
    looks.push({ iterations: Number(iterations), command, generator: cpuUsOfFamily(weir.pid!) - command })
  }
  await ended
  await page?.close()
  const [before, after] = looks
  if (!before || !after) throw new Error('the load ended before it was measured')
  const done = after.iterations - before.iterations
  return { generator: (after.generator - before.generator) / done, command: (after.command - before.command) / done }
}
