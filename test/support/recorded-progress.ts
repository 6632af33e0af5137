import type { LoadProgress, SecondValue } from '../../harness/engine/port.ts'

/** A load of 15 s as it was told, second by second: sessions are opened for 5 s, then hold; the target grows and stutters once. */
export const recordedProgress: readonly LoadProgress[] = Array.from({ length: 15 }, (_, at): LoadProgress => {
  const [elapsedS, sessions] = [at + 1, Math.min(1000, 200 * (at + 1))]
  return {
    elapsedS,
    durationS: 15,
    vus: sessions,
    iterations: 1200 * elapsedS,
    iterationsPerS: 1200,
    failed: elapsedS > 10 ? 3 : 0,
    second: [
      value('vus', 'value', 'count', sessions),
      value('ws_sessions_open', 'value', 'count', sessions),
      value('throughput', 'value', 'per second', 1180 + 17 * ((at * 7) % 5)),
      value('turn_intended_duration', 'p(95)', 'ms', elapsedS === 9 ? 88.3 : 11.87 + 0.4 * ((at * 3) % 4)),
      value('http_req_duration', 'p(95)', 'ms', 5),
      value('target_event_loop_delay', 'p(99)', 'ms', elapsedS === 9 ? 71.2 : 1.04 + 0.1 * (at % 3)),
      value('target_rss', 'value', 'MB', 96.2 + 3.1 * at),
    ],
  }
})

function value(metric: string, stat: string, unit: SecondValue['unit'], given: number): SecondValue {
  return { metric, stat, unit, value: given }
}
