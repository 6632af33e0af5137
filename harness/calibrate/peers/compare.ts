/** The same oracle, the same answers, other tools. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execa } from 'execa'
import { messageOf } from '../../errors.ts'
import { type Figure, judgeLatency, judgeRate, percentOf, type StatName, statNames } from '../bands.ts'
import { type Bench, drive, planOf, throwIfInterrupted } from '../drive.ts'
import { latencyReader } from '../evaluate.ts'
import type { OracleEntry } from '../oracle/log.ts'
import type { Row } from '../rows.ts'
import { arrivalsPerS, inOrderOfArrival, pacedSchedule, percentileOf, type Truth, truthsOf } from '../truth.ts'
import type { Peer, PeerLoad } from './port.ts'
import { peers } from './table.ts'

export interface PeerReport {
  name: string
  /** `what` is the tool. */
  figures: Figure[]
  /** What a tool cannot do, or failed at. */
  notes: string[]
}

type Percentiles = Partial<Record<StatName, number>>

interface PeerRow extends Row {
  truth: Truth
  /** What weir's headline is here. */
  metric: string
}

const rows: readonly PeerRow[] = [
  {
    name: 'service time, uniform 5 to 50 ms, 10 users in a closed loop',
    script: 'closed-loop',
    plan: { delay: { kind: 'uniform', fromMs: 5, toMs: 50 } },
    users: 10,
    truth: 'service',
    metric: 'http_req_duration',
    comparisons: [],
    isQuick: true,
  },
  {
    name: 'service time, constant 20 ms, 100/s by 10 users',
    script: 'arrival-rate',
    plan: { delay: { kind: 'constant', ms: 20 } },
    users: 10,
    rate: 100,
    truth: 'service',
    metric: 'http_req_duration',
    comparisons: [],
    isQuick: true,
  },
  {
    name: 'time from when a request was due at 200/s by 50 users: constant 5 ms with stalls of 200 ms each 2 s',
    script: 'arrival-rate',
    plan: { delay: { kind: 'constant', ms: 5 }, stall: { everyMs: 2000, forMs: 200 } },
    users: 50,
    rate: 200,
    truth: 'intended',
    metric: 'http_req_intended_duration',
    comparisons: [],
    isQuick: true,
  },
]

/** Installed ones are measured; @returns a report for each load, weir first */
export async function comparePeers(bench: Bench, onReport: (report: PeerReport) => void): Promise<PeerReport[]> {
  const reports: PeerReport[] = []
  for (const row of rows) {
    const report: PeerReport = { name: row.name, figures: await measureWeir(row, bench), notes: [] }
    for (const peer of peers) {
      const command = peer.find()
      if (command === null) continue
      const { figures, note } = await measurePeer(row, peer, command, bench)
      report.figures.push(...figures)
      if (note !== null) report.notes.push(note)
    }
    reports.push(report)
    onReport(report)
  }
  return reports
}

/** Names of tools that are not here. */
export const missingPeers = (): string[] => peers.filter((peer) => peer.find() === null).map(({ name }) => name)

async function measureWeir(row: PeerRow, bench: Bench): Promise<Figure[]> {
  const { entries, result } = await drive(row, bench)
  const measuredAt = latencyReader(result, row.metric)
  const measured = Object.fromEntries(statNames.map((stat) => [stat, measuredAt(percentOf(stat))]))
  return figuresOf('weir', row, entries, measured)
}

async function measurePeer(
  row: PeerRow,
  peer: Peer,
  command: string[],
  bench: Bench,
): Promise<{ figures: Figure[]; note: string | null }> {
  const dir = await mkdtemp(join(tmpdir(), 'weir-calibrate-'))
  const { oracle, cpus, seconds, signal } = bench
  const load: PeerLoad = { url: oracle.url, users: row.users, seconds, perSecond: row.rate ?? null, dir }
  try {
    const args = peer.arguments(load)
    if (args === null) return { figures: [], note: `${peer.name} cannot hold a rate` }
    await oracle.begin(planOf(row))
    const [program, ...rest] = [...(cpus === null ? [] : ['taskset', '-c', cpus]), ...command, ...args]
    const options = { cancelSignal: signal, timeout: 1000 * (seconds + 30), stdin: 'ignore' } as const
    const { stdout } = await execa(program!, rest, options)
    const { entries } = await oracle.log()
    return { figures: figuresOf(peer.name, row, entries, await peer.read(stdout, load)), note: null }
  } catch (error) {
    throwIfInterrupted(signal)
    return { figures: [], note: `${peer.name} failed: ${messageOf(error).split('\n')[0]}` }
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Pure. No tool tells its schedule: requests count as due evenly, in the order in which they came. */
export function figuresOf(
  tool: string,
  { truth, rate }: Pick<PeerRow, 'truth' | 'rate'>,
  entries: readonly OracleEntry[],
  measured: Percentiles,
): Figure[] {
  const numbered = inOrderOfArrival(entries)
  const schedule = pacedSchedule(numbered, 1000 / (rate ?? 1), Number.POSITIVE_INFINITY)
  const { programmedMs, releasedMs } = truthsOf(truth, numbered, schedule)
  const latencies = statNames.map((stat) =>
    judgeLatency(tool, stat, {
      programmed: percentileOf(programmedMs, percentOf(stat)),
      released: percentileOf(releasedMs, percentOf(stat)),
      measured: measured[stat] ?? Number.NaN,
    }),
  )
  return rate === undefined
    ? latencies
    : [...latencies, { ...judgeRate(rate, arrivalsPerS(entries)), what: `${tool}, rate` }]
}
