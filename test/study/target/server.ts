/**
 * The server that the study measures: every answer costs the same known work. What is changed about it comes by
 * environment, and is counted, never drawn by lot: two servers with the same environment do the same.
 *
 *   PORT          to listen at, on 127.0.0.1
 *   WORK_ROUNDS   rounds of work a request
 *   HOLD_EVERY    each so many-th answer is held back for HOLD_MS by a timer (0: none)
 *   KEPT_BYTES    of heap that are kept for good a request
 *   GARBAGE_BYTES of small objects that are made and dropped a request
 */
import { createServer, type ServerResponse } from 'node:http'
import { work } from './work.ts'

const setting = (name: string): number => Number(process.env[name] ?? 0)

const rounds = setting('WORK_ROUNDS')
const holdEvery = setting('HOLD_EVERY')
const holdMs = setting('HOLD_MS')
const keptBytes = setting('KEPT_BYTES')
const garbageBytes = setting('GARBAGE_BYTES')

const kept: number[][] = []
let requests = 0
/** What was made last lives a little longer, so that making it cannot be optimised away. */
const recent: unknown[] = []

/** An array of that many bytes on the heap: 8 for each number that is no small integer, and none to grow into. */
const numbersOf = (bytes: number): number[] => new Array<number>(bytes / 8).fill(0.5)

/** A list of objects of about 40 bytes each: two numbers and a reference to the one before. */
function listOf(bytes: number): unknown {
  let last: unknown = null
  for (let made = 0; made < bytes; made += 40) last = { made, half: made / 2 + 0.5, last }
  return last
}

function answer(response: ServerResponse): void {
  const text = work(rounds)
  response.setHeader('content-type', 'application/json')
  response.end(text)
}

const server = createServer((request, response) => {
  request.resume()
  if (request.url === '/ready') return response.end('ready')
  requests++
  if (keptBytes > 0) kept.push(numbersOf(keptBytes))
  if (garbageBytes > 0) recent[requests % 8] = listOf(garbageBytes)
  if (holdEvery > 0 && requests % holdEvery === 0) setTimeout(answer, holdMs, response)
  else answer(response)
})

server.keepAliveTimeout = 60_000
server.listen(setting('PORT'), '127.0.0.1', () => console.log('listening'))

process.on('SIGTERM', () => {
  server.close()
  server.closeAllConnections()
})
