import type { ServerResponse } from 'node:http'
import { type Alarm, monotonicMs, ringAt } from './clock.ts'
import type { Stamp } from './completion.ts'
import type { Lateness } from './lateness.ts'

/** What comes after the last part: the end as it should be, the connection closed, or silence. */
export type Ending = 'end' | 'break-off' | 'silence'

/** A response's body in parts, each with its time. */
export interface Emission {
  parts: number
  /** When a part is due on the monotonic scale. */
  dueMs(index: number): number
  text(index: number, stamp: Stamp): string
  ending: Ending
  /** Follows the last part at once where the ending is `end`. */
  tail: string
}

const brokenOff = new WeakSet<ServerResponse>()

/** Closes a connection in the middle of a response, as a model's server that crashes would. */
export const breakOff = (response: ServerResponse): void => {
  brokenOff.add(response)
  response.destroy()
}

/** For a response that is closed: whether its client did it before it was whole. */
export const wasGivenUp = (response: ServerResponse): boolean => !response.writableFinished && !brokenOff.has(response)

const finish = (response: ServerResponse, text: string, { ending, tail }: Emission): void => {
  if (ending === 'end') return void response.end(text + tail)
  if (text === '') response.flushHeaders()
  else response.write(text)
  // What was written is on its way by then.
  if (ending === 'break-off') setImmediate(breakOff, response)
}

/**
 * Emits each part at its time. Due times are given beforehand, so a late part does not push back those after it; what is
 * due by the time that the process gets to it goes out in one write, each part with its own stamp.
 * @param lateness counts each part; absent for what is emitted at once
 */
export const emitAtPace = (response: ServerResponse, emission: Emission, lateness?: Lateness): Alarm => {
  let index = 0
  let alarm: Alarm | undefined
  const emit = (): void => {
    const emittedMs = monotonicMs()
    let text = ''
    for (; index < emission.parts && emission.dueMs(index) <= emittedMs; index++) {
      const scheduledMs = emission.dueMs(index)
      text += emission.text(index, { scheduledMs, emittedMs })
      lateness?.record(scheduledMs, emittedMs)
    }
    if (index === emission.parts) return void finish(response, text, emission)
    if (text !== '') response.write(text)
    alarm = ringAt(emission.dueMs(index), emit)
  }
  emit()
  return { stop: () => alarm?.stop() }
}

/**
 * Emits all parts one after the other a few bytes at a time, with no regard to when each was due; a part's stamp is
 * that of its first byte.
 */
export const trickle = (response: ServerResponse, emission: Emission, bytes: number): Alarm => {
  let index = 0
  let rest = Buffer.alloc(0)
  const nextText = (): string => {
    const nowMs = monotonicMs()
    if (index < emission.parts) return emission.text(index++, { scheduledMs: nowMs, emittedMs: nowMs })
    return index++ === emission.parts && emission.ending === 'end' ? emission.tail : ''
  }
  const drip = (): void => {
    if (rest.length === 0) rest = Buffer.from(nextText())
    if (rest.length === 0) return void finish(response, '', { ...emission, tail: '' })
    response.write(rest.subarray(0, bytes))
    rest = rest.subarray(bytes)
    alarm = ringAt(monotonicMs() + 1, drip)
  }
  let alarm = ringAt(emission.dueMs(0), drip)
  return { stop: () => alarm.stop() }
}
