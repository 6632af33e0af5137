import { readFileSync } from 'node:fs'
import type { CampaignEvents } from '../../harness/campaign.ts'
import type { Engine, LoadJob } from '../../harness/engine/port.ts'
import { loadResult, metricResult, trend } from './load-result.ts'

/** An engine that measures nothing and keeps what it was asked for. */
export function fakeEngine(onRun: () => void = () => {}): Engine & { inspected: LoadJob[]; ran: LoadJob[] } {
  const [inspected, ran]: [LoadJob[], LoadJob[]] = [[], []]
  const notes = {
    primary: 'http_req_duration p(50)',
    operation: 'iterations',
    capacity: [],
    sessionsHeldIn: null,
    phases: null,
    voidUnless: [],
  }
  const phases = [{ name: 'default', startS: 0, endS: 1 }]
  const { metric, histogram } = trend('http_req_duration', [1, 2, 3])
  const iterations = metricResult({ metric: 'iterations', kind: 'counter', count: 3, sum: 3 })
  return {
    name: 'fake',
    inspected,
    ran,
    async inspect(job) {
      inspected.push(job)
      return {
        notes,
        phases,
        maxVUs: 1,
        durationS: 1,
        descriptions: [],
        summaryTrendStats: [],
        warnings: [],
        digest: readFileSync(job.script, 'utf8'),
      }
    },
    async run(job) {
      ran.push(job)
      onRun()
      return loadResult({ phases, metrics: [metric, iterations], histograms: [histogram] })
    },
  }
}

/** Nobody listens to the campaign. */
export const silent: CampaignEvents = {
  planned() {},
  trialStarted() {},
  stage() {},
  progress() {},
  trialEnded() {},
  async blockEnded() {},
}
