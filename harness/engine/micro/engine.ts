import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { build } from 'esbuild'
import { monotonicNow } from '../../clock.ts'
import type { Engine, LoadJob, ScenarioFacts } from '../port.ts'
import { readOptions } from './options.ts'
import { resultOf } from './result.ts'
import { measureInProcess } from './task-process.ts'

/**
 * Measures single operations: tasks of suites (suite.ts), each in a fresh process, sampled by tinybench. It puts no load on
 * any server. What is wrong with a suite is told when a task of it is to be measured, so that others are all the same.
 */
export const microEngine: Engine = {
  name: 'micro',
  needsTarget: false,

  async inspect(job) {
    return await factsOf(job)
  },

  async run(job, events, signal) {
    const { threads, deadlineSeconds, ...pace } = readOptions(job.options)
    const [task] = job.tasks ?? []
    if (task === undefined) throw new Error('the micro engine was given no task')
    await events.ready?.([], [])
    const startMs = monotonicNow()
    const order = { file: job.script, task, threads, env: job.env, pace }
    const measured = await measureInProcess(order, job, 1000 * deadlineSeconds, signal)
    return resultOf(measured, { threads, deadlineSeconds, ...pace }, { startMs, endMs: monotonicNow() })
  },
}

async function factsOf({ script, options, tasks = [] }: LoadJob): Promise<ScenarioFacts> {
  const { threads, seconds, warmupSeconds } = readOptions(options)
  return {
    notes: {
      primary: 'time_per_op value',
      operation: 'iterations',
      capacity: [],
      sessionsHeldIn: null,
      phases: null,
      voidUnless: [],
    },
    phases: [],
    threads,
    maxVUs: 0,
    durationS: seconds + warmupSeconds,
    descriptions: [
      `${[...new Set(tasks)].join(', ')}, ${threads === 1 ? '1 thread' : `${threads} threads`}, ${seconds} s each`,
    ],
    summaryTrendStats: [],
    warnings: [],
    remarks: [
      `time of an operation: ${threads > 1 ? 'mean of the samples of all threads' : 'first quartile of samples'}, less the empty loop`,
      'bytes of an operation: growth of the used heap of the thread that does it, without a garbage collection in between',
    ],
    digest: await digestOf(script),
  }
}

/** Of the suite with all that it imports of the project; of one that cannot be bundled of the file itself. */
async function digestOf(script: string): Promise<string> {
  const bundled = await build({
    ...{ entryPoints: [script], bundle: true, write: false, packages: 'external', platform: 'node', format: 'esm' },
    // Names of files stand in what is bundled: as seen from here, it is the same wherever the project lies.
    absWorkingDir: dirname(script),
    logLevel: 'silent',
  }).catch(() => null)
  const text = bundled?.outputFiles[0]?.text ?? (await readFile(script, 'utf8'))
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
