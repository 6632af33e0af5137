import { get } from 'node:http'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicNow } from '../clock.ts'
import { messageOf } from '../errors.ts'
import type { ReadyProbe } from './port.ts'

const shortestPauseMs = 10
const longestPauseMs = 100
/** Of the time since the first attempt: how long it took to be ready is told so exactly, however long it was. */
const pauseShare = 0.02
/** One attempt that hangs must not eat the whole patience. */
const attemptMs = 2000

/**
 * Asks again and again until the target is ready: every 10 ms within the first half second, and never rarer than every
 * 100 ms. `said` is told what each failed attempt met, for messages. Rejects with the signal's reason once it is aborted.
 */
export async function untilReady(
  port: number,
  ready: ReadyProbe,
  signal: AbortSignal,
  said: (problem: string) => void,
): Promise<void> {
  const attempt = 'http' in ready ? () => attemptHttp(port, ready.http, signal) : () => attemptTcp(port, signal)
  const firstMs = monotonicNow()
  while (true) {
    const problem = await attempt()
    signal.throwIfAborted()
    if (problem === null) return
    said(problem)
    const pauseMs = Math.max(shortestPauseMs, pauseShare * (monotonicNow() - firstMs))
    await sleep(Math.min(pauseMs, longestPauseMs), undefined, { signal }).catch(() => signal.throwIfAborted())
  }
}

/** `GET http://127.0.0.1:8080/readyz` or `TCP connect to 127.0.0.1:8080`, for messages. */
export const describeProbe = (port: number, ready: ReadyProbe): string =>
  'http' in ready ? `GET http://127.0.0.1:${port}${ready.http}` : `TCP connect to 127.0.0.1:${port}`

/** Null when it gave 2xx, else what came instead. */
function attemptHttp(port: number, path: string, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path, agent: false, signal, timeout: attemptMs }, (response) => {
      const status = response.statusCode ?? 0
      response.resume()
      resolve(status >= 200 && status < 300 ? null : `answered ${status}, expected 2xx`)
    })
    request.on('timeout', () => request.destroy(new Error(`gave no answer in ${attemptMs} ms`)))
    request.on('error', (error) => resolve(messageOf(error)))
  })
}

function attemptTcp(port: number, signal: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, signal, timeout: attemptMs }, () => {
      socket.destroy()
      resolve(null)
    })
    socket.on('timeout', () => socket.destroy(new Error(`was not accepted in ${attemptMs} ms`)))
    socket.on('error', (error) => resolve(messageOf(error)))
  })
}
