import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { figureTable } from '../figures.ts'
import { median } from '../text-table.ts'
import type { GatewayBench, GatewayPart } from './bench.ts'
import { percentile } from './percentile.ts'
import { type Rig, withGateway } from './rig.ts'
import { monotonicMs } from './token-client.ts'

const users = 50
/** Far more than is heard before the interrupt. */
const content = 'stub:tokens-1000 stub:gap-10'
/** People interrupt at any moment. */
/** Between two turns of a user. */
const longestPauseMs = 600
/** More than a user takes in a round: turns have numbers of their own. */
const turnsOfRound = 100_000
const longestWaitMs = 200
const lookEveryMs = 5
const patienceMs = 2_000

/** How long does the call to the model go on when its client wants it no more? The stub notes when it was given up. */
export const interruptsPart: GatewayPart = {
  name: 'interrupts',
  title: `${users} users who interrupt their turns: from the interrupt's sending to the end of the call to the model`,
  connections: users,
  run: (bench) => withGateway(bench, {}, (rig) => describe(rig, bench)),
}

async function describe(rig: Rig, { options }: GatewayBench): Promise<string> {
  const sockets = await Promise.all(Array.from({ length: users }, (_, user) => connect(rig, user)))
  const rounds: number[][] = []
  try {
    // The first is for the compilers.
    for (let round = 0; round <= options.rounds; round++) {
      const untilMs = monotonicMs() + 1000 * options.seconds
      const ofUsers = await Promise.all(
        sockets.map((socket, user) => interruptUntil(rig, socket, user, round, untilMs)),
      )
      rounds.push(ofUsers.flat())
    }
  } finally {
    for (const socket of sockets) socket.terminate()
  }
  const of = (percent: number) => median(rounds.slice(1).map((delaysMs) => percentile(delaysMs, percent)))
  const ms = { unit: 'ms', digits: 2 }
  return figureTable([
    { what: 'interrupt to abort, median', ...ms, value: of(50), target: null },
    { what: 'interrupt to abort, p99', ...ms, value: of(99), target: { atMost: 20 } },
    { what: 'interrupts', digits: 0, value: rounds.slice(1).flat().length, target: null },
  ])
}

/** People do not interrupt in step: each user goes on when it likes. */
async function interruptUntil(
  rig: Rig,
  socket: WebSocket,
  user: number,
  round: number,
  untilMs: number,
): Promise<number[]> {
  const delaysMs: number[] = []
  for (let turn = round * turnsOfRound; monotonicMs() < untilMs; turn++) {
    await sleep(longestPauseMs * Math.random())
    delaysMs.push(await interruptOne(rig, socket, user, turn))
  }
  return delaysMs
}

const sessionOf = (user: number): string => `interrupts-${user}`

async function connect({ url }: Rig, user: number): Promise<WebSocket> {
  const address = `${url.replace(/^http/, 'ws')}/v1/sessions/${sessionOf(user)}/ws`
  const socket = new WebSocket(address, { headers: { 'x-api-key': 'key-a' }, perMessageDeflate: false })
  await once(socket, 'open')
  return socket
}

/** What is left of the turn before may come first; an interrupt before the model is called would end no call. */
async function firstToken(socket: WebSocket, turn: number): Promise<void> {
  for (;;) {
    const [data] = (await once(socket, 'message')) as [Buffer]
    const message = JSON.parse(data.toString()) as { type: string; turn: number }
    if (message.turn === turn && message.type === 'token') return
  }
}

/** @returns ms; both moments are read off the one clock of this host, so that no way of a question counts in */
async function interruptOne(rig: Rig, socket: WebSocket, user: number, turn: number): Promise<number> {
  socket.send(JSON.stringify({ type: 'turn', turn, content }))
  await firstToken(socket, turn)
  await sleep(longestWaitMs * Math.random())
  const sentMs = monotonicMs()
  socket.send(JSON.stringify({ type: 'interrupt', turn }))
  while (monotonicMs() - sentMs < patienceMs) {
    await sleep(lookEveryMs)
    const response = await fetch(`${rig.servicesUrl}/aborts?session=${sessionOf(user)}&turn=${turn}`)
    const { atMs } = (await response.json()) as { atMs?: number }
    if (response.ok && atMs !== undefined) return atMs - sentMs
  }
  throw new Error(`the call for turn ${turn} of ${sessionOf(user)} went on for ${patienceMs} ms`)
}
