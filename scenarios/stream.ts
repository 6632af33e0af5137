/**
 * Two hundred people read answers as they come, a token every 5 ms each, as server-sent events: is every token brought
 * at once, or are several kept back and brought together?
 *
 * Shows row 23 of the list of optimisations, and 1 and 5. Runs on weir; stock k6 needs the extension xk6-sse.
 *
 *   updates_per_second   of one answer: how often something new came; tokens that came together are one update
 *   token_delay          how much later a token came, against its pace, than the quickest one of its answer
 *
 *   SESSIONS at once, GAP_MS between tokens, TOKENS of an answer, SECONDS, BASE_URL, STUB_URL
 */
import { sleep } from 'k6'
import exec from 'k6/execution'
import { Counter, Trend } from 'k6/metrics'
import type { Options } from 'k6/options'
import { lookAfterwards, nothingLeft } from './lib/afterwards.ts'
import { answersRight } from './lib/answers.ts'
import { streamTurn } from './lib/stream.ts'
import { keyOf, putSession, setting, turnsAnswered } from './lib/turn.ts'

const sessions = setting('SESSIONS', 200)
const gapMs = setting('GAP_MS', 5)
const tokens = setting('TOKENS', 200)
const seconds = setting('SECONDS', 8)
/** What comes within a fifth of the pace came together. */
const togetherMs = gapMs / 5

const updatesPerSecond = new Trend('updates_per_second')
const tokenDelay = new Trend('token_delay', true)
const tokensHeard = new Counter('tokens_heard')

export const options: Options = {
  scenarios: { readers: { executor: 'constant-vus', vus: sessions, duration: `${seconds}s`, gracefulStop: '10s' } },
  setupTimeout: '60s',
  ext: {
    weir: {
      primary: 'updates_per_second{scenario:readers} p(50)',
      operation: 'tokens_heard',
      better: { updates_per_second: 'higher' },
      voidUnless: { ...answersRight, ...turnsAnswered, ...nothingLeft },
    },
  },
}

export function setup(): void {
  for (let session = 0; session < sessions; session++) putSession(`stream-${session}`, keyOf(session))
}

export default function read(): void {
  const reader = exec.vu.idInTest - 1
  const turn = exec.vu.iterationInScenario
  // Not all in step: whoever begins does so at some moment of an answer's time.
  if (turn === 0) sleep((Math.random() * tokens * gapMs) / 1000)
  const arrivalsMs: number[] = []
  const isGood = streamTurn(
    {
      session: `stream-${reader}`,
      turn,
      content: `stub:tokens-${tokens} stub:gap-${gapMs}`,
      key: keyOf(reader),
      tokens,
    },
    { onToken: (_index, atMs) => void arrivalsMs.push(atMs) },
  )
  if (isGood) record(arrivalsMs)
}

function record(arrivalsMs: readonly number[]): void {
  tokensHeard.add(arrivalsMs.length)
  const lateness = arrivalsMs.map((atMs, index) => atMs - index * gapMs)
  const quickest = Math.min(...lateness)
  for (const lateMs of lateness) tokenDelay.add(lateMs - quickest)
  const updates = arrivalsMs.filter(
    (atMs, index) => index > 0 && atMs - (arrivalsMs[index - 1] as number) >= togetherMs,
  )
  const tookMs = (arrivalsMs[arrivalsMs.length - 1] as number) - (arrivalsMs[0] as number)
  if (tookMs > 0) updatesPerSecond.add((1000 * updates.length) / tookMs)
}

export const teardown = lookAfterwards
