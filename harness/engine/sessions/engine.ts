import { UserError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Engine, LoadEvents, LoadJob, LoadResult, ScenarioFacts } from '../port.ts'
import type { GeneratorJob, Report } from './generator.ts'
import { GeneratorProcess } from './generator-process.ts'

/** Top-level code reads files and prepares data; it does not run for minutes. */
const inspectTimeoutMs = 60_000

/** Runs k6 scripts, thousands of users in one generator process. */
export const sessionsEngine: Engine = {
  name: 'sessions',

  inspect(job, signal) {
    const generator = new GeneratorProcess(job)
    let giveUp = (): void => {}
    return new Promise<ScenarioFacts>((resolve, reject) => {
      giveUp = () => reject(new UserError('interrupted before anything was started', exitCodes.interrupted))
      signal.addEventListener('abort', giveUp)
      if (signal.aborted) giveUp()
      generator.listen((report) => {
        if (report.type === 'facts') resolve(report.facts)
      }, reject)
      generator.order({ type: 'inspect', job: toGeneratorJob(job) })
      generator.failAfter(
        inspectTimeoutMs,
        new UserError(
          `${job.script}: the code at its top level did not come to an end within ${inspectTimeoutMs / 1000} s`,
        ),
      )
    }).finally(() => {
      signal.removeEventListener('abort', giveUp)
      return generator.end()
    })
  },

  run(job, events, signal) {
    const generator = new GeneratorProcess(job)
    const stop = (): void => generator.stop(exitCodes.interrupted, 'stopped by a signal')
    signal.addEventListener('abort', stop)
    return new Promise<LoadResult>((resolve, reject) => {
      generator.listen((report) => void hear(report, generator, events, resolve), reject)
      generator.order({ type: 'run', job: toGeneratorJob(job) })
      generator.onSpin((message) => events.log?.('warn', message))
      if (signal.aborted) stop()
    }).finally(() => {
      signal.removeEventListener('abort', stop)
      return generator.end()
    })
  },
}

async function hear(
  report: Report,
  generator: GeneratorProcess,
  events: LoadEvents,
  resolve: (result: LoadResult) => void,
): Promise<void> {
  switch (report.type) {
    case 'ready':
      await events.ready?.(report.phases, generator.pid)
      generator.order({ type: 'go' })
      break
    case 'started':
      events.started?.(report.startMs, report.phases)
      break
    case 'progress':
      events.progress?.(report.progress)
      break
    case 'log':
      events.log?.(report.level, report.message)
      break
    case 'print':
      events.print?.(report.text)
      break
    case 'result':
      resolve(report.result)
  }
}

const toGeneratorJob = ({ script, env, options, outputs = [], warmup }: LoadJob): GeneratorJob => ({
  main: { script, env, options, outputs },
  ...(warmup ? { warmup } : {}),
})
