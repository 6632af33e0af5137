import { createServer, type Server, type Socket } from 'node:net'
import { monotonicNow } from '../../clock.ts'
import {
  acceptWebSocket,
  chunkedAnswer,
  closeFrame,
  frames,
  readFrame,
  type Wire,
  wholeAnswer,
} from './conversation.ts'
import type { OracleEntry } from './log.ts'
import { type OraclePlan, Planner } from './plan.ts'
import { SharpTimer } from './sharp-timer.ts'

const opcodes = { text: 1, close: 8 } as const

/** Answers every request when its plan says so, and keeps what really happened. */
export class Oracle {
  private plan: OraclePlan = { seed: 1, delay: { kind: 'constant', ms: 0 }, stall: null, stream: null }
  private planner = new Planner(this.plan)
  private entries: OracleEntry[] = []
  private readonly timer = new SharpTimer()
  readonly server: Server = createServer({ noDelay: true }, (socket) => this.converse(socket))

  /** From now on by this plan, with an empty log. */
  begin(plan: OraclePlan): void {
    this.plan = plan
    this.planner = new Planner(plan)
    this.entries = []
  }

  log(): OracleEntry[] {
    return this.entries
  }

  private converse(socket: Socket): void {
    let unread = Buffer.alloc(0)
    let isWebSocket = false
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      const arrivedMs = monotonicNow()
      unread = unread.length === 0 ? (bytes as Buffer<ArrayBuffer>) : Buffer.concat([unread, bytes])
      for (let used = -1; used !== 0; ) {
        used = isWebSocket ? this.readFrame(socket, unread, arrivedMs) : 0
        if (!isWebSocket) ({ used, isWebSocket } = this.readRequest(socket, unread, arrivedMs))
        unread = unread.subarray(used)
      }
    })
  }

  /** Requests without a body, one after the other. */
  private readRequest(socket: Socket, bytes: Buffer, arrivedMs: number): { used: number; isWebSocket: boolean } {
    const end = bytes.indexOf('\r\n\r\n')
    if (end < 0) return { used: 0, isWebSocket: false }
    const head = bytes.toString('latin1', 0, end)
    const isWebSocket = /^upgrade: *websocket/im.test(head)
    if (isWebSocket) acceptWebSocket(socket, head)
    else {
      const id = Number(/^x-id: *(\d+)/im.exec(head)?.[1] ?? -1)
      this.answer(socket, id, arrivedMs, this.plan.stream === null ? wholeAnswer : chunkedAnswer)
    }
    return { used: end + 4, isWebSocket }
  }

  private readFrame(socket: Socket, bytes: Buffer, arrivedMs: number): number {
    const frame = readFrame(bytes)
    if (frame === null) return 0
    if (frame.opcode === opcodes.text) this.answer(socket, Number(frame.text), arrivedMs, frames)
    else if (frame.opcode === opcodes.close) socket.end(closeFrame)
    return frame.length
  }

  private answer(socket: Socket, id: number, arrivedMs: number, wire: Wire): void {
    const plannedMs = this.planner.releasesOf(arrivedMs)
    const entry: OracleEntry = { id, arrivedMs, plannedMs, releasedMs: [] }
    this.entries.push(entry)
    for (const [index, dueMs] of plannedMs.entries()) {
      const bytes = wire.token(index, index === plannedMs.length - 1)
      const release = (): void => {
        if (!socket.writable) return
        entry.releasedMs.push(monotonicNow())
        socket.write(bytes)
      }
      if (dueMs <= arrivedMs) release()
      else this.timer.at(dueMs, release)
    }
  }
}
