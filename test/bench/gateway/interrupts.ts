import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { request } from 'undici'
import { WebSocket } from 'ws'
import { figureTable } from '../figures.ts'
import { median } from '../text-table.ts'
import type { GatewayBench, GatewayPart } from './bench.ts'
import { type BusyCores, coreFigures, limits, watchCores } from './busy-cores.ts'
import { percentile } from './percentile.ts'
import { type Rig, withGateway } from './rig.ts'
import { modelRequest, monotonicMs } from './token-client.ts'

const users = 50
/** Far more than is heard before the interrupt. */
const content = 'stub:tokens-1000 stub:gap-10'
/** Between two turns of a user. */
const longestPauseMs = 600
/** More than a user takes in a round: turns have numbers of their own. */
const turnsOfRound = 100_000
/** People interrupt at any moment. */
const longestWaitMs = 200
const lookEveryMs = 5
const patienceMs = 2_000

/**
 * How long does the call to the model go on when its client wants it no more? The stub notes when it was given up. The same
 * users asking the stub itself show how long it takes to note that, and how late those are who interrupt.
 */
export const interruptsPart: GatewayPart = {
  name: 'interrupts',
  title: `${users} users who interrupt their turns: from the interrupt's sending to the end of the call to the model`,
  connections: users,
  run: (bench) => withGateway(bench, {}, (rig) => describe(rig, bench)),
}

/** Somebody whose turns can be interrupted. */
interface Asker {
  session: string
  /** Resolves when the first token has come. @returns what interrupts the turn */
  begin(turn: number): Promise<() => void>
  end(): void
}

interface Round {
  delaysMs: number[]
  cores: BusyCores
}

async function describe(rig: Rig, bench: GatewayBench): Promise<string> {
  const direct = await interruptInRounds(everyUser(pastGateway), rig, bench)
  const through = await interruptInRounds(everyUser(overGateway), rig, bench)
  const of = (rounds: Round[], percent: number) => median(rounds.map(({ delaysMs }) => percentile(delaysMs, percent)))
  const ms = { unit: 'ms', digits: 2 }
  const cores = through.map((each) => each.cores)
  const figures = figureTable([
    { what: 'interrupt to abort, median', ...ms, value: of(through, 50), target: null },
    { what: 'interrupt to abort, p99', ...ms, value: of(through, 99), target: { atMost: 20 } },
    { what: 'stub and users by themselves, median', ...ms, value: of(direct, 50), target: null },
    { what: 'stub and users by themselves, p99', ...ms, value: of(direct, 99), target: null },
    { what: 'interrupts', digits: 0, value: through.flatMap(({ delaysMs }) => delaysMs).length, target: null },
    ...coreFigures(cores),
  ])
  return [figures, ...limits(cores)].join('\n')
}

type Connect = (rig: Rig, user: number) => Promise<Asker>

const everyUser =
  (connect: Connect) =>
  (rig: Rig): Promise<Asker[]> =>
    Promise.all(Array.from({ length: users }, (_, user) => connect(rig, user)))

async function interruptInRounds(
  connectAll: (rig: Rig) => Promise<Asker[]>,
  rig: Rig,
  { options }: GatewayBench,
): Promise<Round[]> {
  const askers = await connectAll(rig)
  const rounds: Round[] = []
  try {
    // The first is for the compilers.
    for (let round = 0; round <= options.rounds; round++) {
      const untilMs = monotonicMs() + 1000 * options.seconds
      const cores = watchCores(rig)
      const ofUsers = await Promise.all(askers.map((asker) => interruptUntil(rig, asker, round, untilMs)))
      rounds.push({ delaysMs: ofUsers.flat(), cores: cores.busy() })
    }
  } finally {
    for (const asker of askers) asker.end()
  }
  return rounds.slice(1)
}

/** People do not interrupt in step: each user goes on when it likes. */
async function interruptUntil(rig: Rig, asker: Asker, round: number, untilMs: number): Promise<number[]> {
  const delaysMs: number[] = []
  for (let turn = round * turnsOfRound; monotonicMs() < untilMs; turn++) {
    await sleep(longestPauseMs * Math.random())
    delaysMs.push(await interruptOne(rig, asker, turn))
  }
  return delaysMs
}

/** @returns ms; both moments are read off the one clock of this host, so that no way of a question counts in */
async function interruptOne(rig: Rig, { session, begin }: Asker, turn: number): Promise<number> {
  const interrupt = await begin(turn)
  await sleep(longestWaitMs * Math.random())
  const sentMs = monotonicMs()
  interrupt()
  while (monotonicMs() - sentMs < patienceMs) {
    await sleep(lookEveryMs)
    const response = await fetch(`${rig.servicesUrl}/aborts?session=${session}&turn=${turn}`)
    const { atMs } = (await response.json()) as { atMs?: number }
    if (response.ok && atMs !== undefined) return atMs - sentMs
  }
  throw new Error(`the call for turn ${turn} of ${session} went on for ${patienceMs} ms`)
}

async function overGateway({ url }: Rig, user: number): Promise<Asker> {
  const session = `interrupts-${user}`
  const address = `${url.replace(/^http/, 'ws')}/v1/sessions/${session}/ws`
  const socket = new WebSocket(address, { headers: { 'x-api-key': 'key-a' }, perMessageDeflate: false })
  await once(socket, 'open')
  return {
    session,
    async begin(turn) {
      socket.send(JSON.stringify({ type: 'turn', turn, content }))
      await firstToken(socket, turn)
      return () => socket.send(JSON.stringify({ type: 'interrupt', turn }))
    },
    end: () => socket.terminate(),
  }
}

/** What is left of the turn before may come first; an interrupt before the model is called would end no call. */
async function firstToken(socket: WebSocket, turn: number): Promise<void> {
  for (;;) {
    const [data] = (await once(socket, 'message')) as [Buffer]
    const message = JSON.parse(data.toString()) as { type: string; turn: number }
    if (message.turn === turn && message.type === 'token') return
  }
}

async function pastGateway({ servicesUrl }: Rig, user: number): Promise<Asker> {
  const session = `interrupts-past-${user}`
  return {
    session,
    async begin(turn) {
      const cut = new AbortController()
      const { path, headers, body } = modelRequest({ session, turn, content })
      const { body: answer } = await request(`${servicesUrl}${path}`, {
        ...{ method: 'POST', headers, body: JSON.stringify(body), signal: cut.signal },
      })
      // It ends with the error that its interrupt is.
      answer.on('error', () => {})
      await once(answer, 'data')
      return () => cut.abort()
    },
    end: () => {},
  }
}
