import { writeFileSync } from 'node:fs'
import { messageOf, UserError } from '../../../errors.ts'
import { metricTable } from '../../../metrics/table.ts'
import type { TestContext } from '../load-test/test-context.ts'
import { csvOutput } from './csv.ts'
import { jsonOutput } from './json.ts'
import type { OutputKind, OutputSettings } from './port.ts'
import { SampleStream } from './sample-stream.ts'

/** What `--out` may name. */
const outputs: Readonly<Record<string, OutputKind>> = { csv: csvOutput, json: jsonOutput }

/** Metrics that k6 does not have. */
const ownMetrics = new Set(metricTable.filter(({ source }) => source !== 'k6').map(({ name }) => name))

/** `json=FILE` in its parts. @throws UserError naming the outputs that there are */
function parse(spec: string): { kind: OutputKind; argument: string } {
  const equals = spec.indexOf('=')
  const name = equals < 0 ? spec : spec.slice(0, equals)
  const kind = Object.hasOwn(outputs, name) ? outputs[name] : undefined
  if (!kind)
    throw new UserError(
      `option --out: invalid output type "${name}". There are: ${Object.keys(outputs).join(', ')} (as in --out json=FILE)`,
    )
  return { kind, argument: equals < 0 ? '' : spec.slice(equals + 1) }
}

/**
 * Empties the files that the outputs are going to append to; done once, before any generator starts.
 * @throws UserError for an output that does not exist or a file that cannot be written
 */
export function prepareOutputs(specs: readonly string[], env: OutputSettings['env']): void {
  for (const spec of specs) {
    const { kind, argument } = parse(spec)
    const file = kind.fileOf(argument, env)
    try {
      if (file !== null) writeFileSync(file, '')
    } catch (error) {
      throw new UserError(`option --out: "${file}" cannot be written: ${messageOf(error)}`)
    }
  }
}

/**
 * From here on every sample of the test goes to the outputs too. Metrics that k6 does not have are left out, so that
 * what reads k6's files reads these; WEIR_OUT_ALL=true writes them as well.
 * @returns what ends it: everything is written when it has resolved
 */
export function openOutputs(
  specs: readonly string[],
  context: TestContext,
  { env, part, print }: Pick<OutputSettings, 'env' | 'print'> & { part: { index: number; count: number } },
): () => Promise<void> {
  if (specs.length === 0) return () => Promise.resolve()
  const { options, registry, metrics } = context
  const hidden: ReadonlySet<string> = env.WEIR_OUT_ALL === 'true' ? new Set() : ownMetrics
  const metricsAhead = part.count > 1 ? registry.all().filter(({ name }) => !hidden.has(name)) : null
  const isFirst = part.index === 0
  const opened = specs.map((spec) => {
    const { kind, argument } = parse(spec)
    return kind.open({ argument, env, options, isFirst, metricsAhead, print })
  })
  const stream = new SampleStream(opened, metrics, options.tags, hidden)
  registry.observeWith(stream)
  context.samples = stream
  return () => {
    registry.observeWith(null)
    context.samples = null
    return stream.close()
  }
}
