import { availableParallelism } from 'node:os'
import { UserError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Engine, LoadEvents, LoadJob, LoadResult, ScenarioFacts } from '../port.ts'
import { GeneratorProcess, type NurseryMB, nurseryMB } from './generator/generator-process.ts'
import type { GeneratorJob, Plans, TestName } from './generator/serve-loads.ts'
import { isWorthWarming } from './generator/warm-engine.ts'
import { Conductor, type ConductorHooks } from './load-test/conductor.ts'
import type { Share } from './load-test/load-test.ts'
import type { PartEvents, TestPlan } from './load-test/part.ts'

/** Top-level code reads files and prepares data; it does not run for minutes. */
const readTimeoutMs = 60_000

/** What the processes run in which an engine makes its load. */
export interface GeneratorProgram {
  /** Of the engine. */
  name: string
  /** Calls `serveLoads`. */
  program: URL
  /** A load of some length begins with requests to a server of its own, so that its first real ones do not run cold. */
  warmsItself: boolean
}

/** An engine whose load is made by generators in processes of their own, which share it. */
export const generatedEngine = (own: GeneratorProgram): Engine => ({
  name: own.name,

  inspect: (job, signal) => withGenerators(own, job, {}, signal, (run) => run.inspect()),

  run: (job, events, signal) => withGenerators(own, job, events, signal, (run) => run.load()),
})

/** Whatever becomes of the work, no generator is left over. */
async function withGenerators<T>(
  own: GeneratorProgram,
  job: LoadJob,
  events: LoadEvents,
  signal: AbortSignal,
  work: (run: GeneratorRun) => Promise<T>,
): Promise<T> {
  const run = new GeneratorRun(own, job, events)
  const stop = (): void => run.stop()
  signal.addEventListener('abort', stop)
  try {
    if (signal.aborted) stop()
    return await work(run)
  } finally {
    signal.removeEventListener('abort', stop)
    await run.end()
  }
}

/** One job and the generators that do it. */
class GeneratorRun {
  private readonly own: GeneratorProgram
  private readonly job: LoadJob
  private readonly generators: GeneratorProcess[] = []
  private readonly events: LoadEvents
  private conductor: Conductor | null = null
  private isStopped = false
  private isReading = false

  constructor(own: GeneratorProgram, job: LoadJob, events: LoadEvents) {
    this.own = own
    this.job = job
    this.events = events
    this.add(nurseryMB.usual)
  }

  private add(nursery: NurseryMB): GeneratorProcess {
    const generator = new GeneratorProcess(this.own.program, this.job, nursery, this.generators.length + 1)
    generator.onSpin((message) => this.events.log?.('warn', message))
    if (this.isStopped) generator.giveUpWhenSilent()
    this.generators.push(generator)
    if (this.isStopped) generator.giveUpWhenSilent()
    return generator
  }

  /** Reads the script without starting any load. */
  async inspect(): Promise<ScenarioFacts> {
    const { main, warmup } = await this.read()
    const warmupS = warmup === undefined ? {} : { warmupS: warmup.durationS }
    return { ...main, ...warmupS, digest: [main, warmup].flatMap((plan) => plan?.digest ?? []).join(' ') }
  }

  private async read(): Promise<Plans> {
    this.isReading = true
    if (this.isStopped) this.stop()
    const timeout = setTimeout(() => this.fail(tooLong(this.job)), readTimeoutMs)
    try {
      return await this.generators[0]!.prepare(generatorJob(this.job))
    } finally {
      clearTimeout(timeout)
      this.isReading = false
    }
  }

  async load(): Promise<LoadResult> {
    const { events } = this
    // What top-level code logs is heard once, however many generators run it.
    const [first] = this.generators
    first!.part('warmup', initEvents(warmUpLog(events)))
    first!.part(
      'main',
      initEvents((...said) => events.log?.(...said)),
    )
    const plans = await this.prepare()
    if (this.own.warmsItself && plans.warmup === undefined && isWorthWarming(plans.main))
      await Promise.all(this.generators.map((generator) => generator.warm()))
    if (plans.warmup) await this.conduct('warmup', plans.warmup, { log: warmUpLog(events) })
    return await this.conduct(
      'main',
      plans.main,
      hooksFor(events, () => this.generators.map(({ pid }) => pid)),
    )
  }

  /** The first generator reads the script as a whole; then it is known how many there should be, and how large. */
  private async prepare(): Promise<Plans> {
    const { job } = this
    const whole = await this.read()
    this.generators[0]!.ignoreEvents()
    this.events.planned?.(whole.main)
    const count = Math.min(job.generators ?? defaultGenerators(), whole.main.maxVUs)
    const nursery = whole.main.maxVUs / count > manyUsers ? nurseryMB.forMany : nurseryMB.usual
    if (count <= 1 && nursery === nurseryMB.usual) return whole
    if (nursery !== nurseryMB.usual) await this.generators.pop()!.end()
    while (this.generators.length < count) this.add(nursery)
    await Promise.all(this.generators.map((generator, index) => generator.prepare(generatorJob(job, { index, count }))))
    return whole
  }

  private async conduct(test: TestName, plan: TestPlan, hooks: ConductorHooks): Promise<LoadResult> {
    const conductor = new Conductor(plan, this.generators.length, hooks)
    this.conductor = conductor
    if (this.isStopped) conductor.stop(...interrupted)
    return await conductor.run(
      this.generators.map((generator, index) => generator.part(test, conductor.eventsFor(index))),
    )
  }

  /** A load ends early, with teardown and summary; of one that has not begun there is nothing to keep. */
  stop(): void {
    this.isStopped = true
    if (this.isReading) this.fail(new UserError('interrupted before anything was started', exitCodes.interrupted))
    this.conductor?.stop(...interrupted)
    for (const generator of this.generators) generator.giveUpWhenSilent()
  }

  private fail(error: Error): void {
    for (const generator of this.generators) generator.fail(error)
  }

  async end(): Promise<void> {
    await Promise.all(this.generators.map((generator) => generator.end()))
  }
}

/** From here on a generator has too much in flight for the usual nursery. */
const manyUsers = 2000

const interrupted = [exitCodes.interrupted, 'stopped by a signal'] as const

/** A core is left for what is being measured. */
const defaultGenerators = (): number => Math.max(1, availableParallelism() - 1)

const tooLong = ({ script }: LoadJob): UserError =>
  new UserError(`${script}: the code at its top level did not come to an end within ${readTimeoutMs / 1000} s`)

const warmUpLog =
  (events: LoadEvents) =>
  (level: string, message: string, source?: 'console'): void =>
    events.log?.(level, `warm-up: ${message}`, source)

const initEvents = (log: PartEvents['log']): PartEvents => ({ log, second: () => {}, stopping: () => {} })

const hooksFor = (events: LoadEvents, pids: () => number[]): ConductorHooks => ({
  log: (level, message, source) => events.log?.(level, message, source),
  print: (text) => events.print?.(text),
  beforeStart: (phases) => events.ready?.(phases, pids()),
  started: (startMs, phases) => events.started?.(startMs, phases),
  ended: () => events.ended?.(),
  lead: events.lead?.bind(events),
  progress: (progress) => events.progress?.(progress),
  summarize: (result) => events.summarize?.(result),
})

const generatorJob = (
  { script, env, options, fallbackOptions = {}, outputs = [], warmup }: LoadJob,
  share: Share = { index: 0, count: 1 },
): GeneratorJob => ({
  main: { script, env, options, fallbackOptions, outputs, share },
  ...(warmup ? { warmup: { ...warmup, share } } : {}),
})
