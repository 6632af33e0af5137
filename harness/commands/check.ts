import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import type { LoadJob, ScenarioFacts } from '../engine/port.ts'
import { providedModules } from '../engine/sessions/k6/table.ts'
import { checkScript, type Finding } from '../engine/sessions/script/check.ts'
import { closeBundler } from '../engine/sessions/script/load.ts'
import { displayPath, displayPlace } from '../engine/sessions/script/places.ts'
import { engines } from '../engine/table.ts'
import { UserError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { readArguments, readPairs } from './arguments.ts'
import type { Command } from './port.ts'

const help = `  -e, --env KEY=VALUE      an environment variable of the script (__ENV.KEY); can be given several times
      --k6                 ask the k6 on the PATH too ("k6 inspect")
      --json               the same as JSON

Runs the script's top level, as every start of it does, and no iteration.

Exit codes: 0 both engines run it (what may differ is told), 107 one of them does not, 104 there is no such script.`

export const check: Command = {
  synopsis: '<script> [options]',
  purpose: 'Tells whether the embedded engine and stock k6 both run a script, and what to do where not.',
  help,
  async run(args, signal) {
    const parsed = readArguments(args, { 'env|e': 'repeated', k6: 'flag', json: 'flag' })
    const [script, ...rest] = parsed.positionals
    if (script === undefined) throw new UserError('weir check needs a script: weir check <script> [options]')
    if (rest.length > 0) throw new UserError(`weir check takes one script, found also: ${rest.join(' ')}`)
    if (!existsSync(script))
      throw new UserError(`the script "${script}" does not exist (looked for ${resolve(script)})`)
    const own = readPairs(parsed.repeated('env'), '--env')
    const env = { ...(process.env as Record<string, string>), ...own }
    const verdict = await judge({ script: resolve(script), env, options: {}, cpus: null }, signal)
    if (parsed.flag('k6')) verdict.findings.push(...(await askK6(verdict.script, own)))
    console.log(parsed.flag('json') ? asJson(verdict) : asText(verdict))
    return verdict.findings.some(({ kind }) => kind === 'refused') ? exitCodes.scriptException : exitCodes.ok
  },
}

interface Verdict {
  script: string
  findings: Finding[]
  /** null: the script does not get so far as to have any. */
  facts: ScenarioFacts | null
}

/** Reads the script first, then lets the engine read its options. */
async function judge(job: LoadJob, signal: AbortSignal): Promise<Verdict> {
  const { script } = job
  const { findings, loads, optionPlaces } = await checkScript(script, providedModules)
  await closeBundler()
  if (!loads) return { script, findings, facts: null }
  try {
    const facts = await engines.sessions.inspect(job, signal)
    return { script, findings: [...findings, ...facts.warnings.map((text) => ofWarning(text, optionPlaces))], facts }
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode === exitCodes.interrupted) throw error
    return { script, findings: [...findings, ofError(error)], facts: null }
  }
}

/** `option "rps" is ...` */
function ofWarning(text: string, places: Awaited<ReturnType<typeof checkScript>>['optionPlaces']): Finding {
  const option = /^option "(\w+)"/.exec(text)?.[1]
  const [what, remedy] = text.split('; ')
  return {
    engine: 'weir',
    kind: 'differs',
    place: places.get(option ?? '') ?? null,
    what: what ?? text,
    remedy: remedy ?? 'take it out, or run the script with "k6 run" where it matters',
  }
}

const ofError = ({ message }: UserError): Finding => ({
  engine: 'weir',
  kind: 'refused',
  place: null,
  what: message,
  remedy: 'mend the top level of the script or its options',
})

async function askK6(script: string, env: Record<string, string>): Promise<Finding[]> {
  const flags = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  try {
    await promisify(execFile)('k6', ['inspect', '-q', ...flags, script], { timeout: 60_000 })
    return []
  } catch (error) {
    const { code, stderr } = error as { code?: unknown; stderr?: string }
    if (code === 'ENOENT')
      throw new UserError('option --k6: there is no "k6" on the PATH. Install it (https://k6.io), or leave --k6 out')
    const what = `k6 inspect: ${lastLine(stderr ?? '')}`
    return [{ engine: 'k6', kind: 'refused', place: null, what, remedy: 'mend it, or run the script with weir' }]
  }
}

/** k6 logs `time="..." level=error msg="..."`. */
function lastLine(output: string): string {
  const line = output.trim().split('\n').at(-1) ?? ''
  return /msg="(.*)"/.exec(line)?.[1]?.replaceAll('\\"', '"').replaceAll('\\n', ' ') ?? line
}

const isRun = ({ findings }: Verdict, by: Finding['engine']): boolean =>
  !findings.some(({ engine, kind }) => engine === by && kind === 'refused')

const asJson = (verdict: Verdict): string =>
  JSON.stringify(
    {
      script: verdict.script,
      runs: { weir: isRun(verdict, 'weir'), k6: isRun(verdict, 'k6') },
      findings: verdict.findings.map(({ place, ...finding }) => ({ ...finding, ...(place ?? {}) })),
      scenarios: verdict.facts?.descriptions ?? null,
      maxVUs: verdict.facts?.maxVUs ?? null,
      durationS: verdict.facts?.durationS ?? null,
    },
    null,
    2,
  )

function asText(verdict: Verdict): string {
  const { script, findings, facts } = verdict
  const lines = findings.map(
    ({ engine, kind, place, what, remedy }) =>
      `${place ? displayPlace(place) : displayPath(script)}: ${engine} ${kind === 'refused' ? 'refuses' : 'differs'}: ${what}. What to do: ${remedy}.`,
  )
  const scenarios = facts ? [...facts.descriptions, `at most ${facts.maxVUs} users at once, ${facts.durationS} s`] : []
  const answers = (['weir', 'k6'] as const).map((by) => `${by}: ${isRun(verdict, by) ? 'runs it' : 'does not run it'}`)
  return [...lines, ...scenarios.map((line) => `ok: ${line}`), ...answers].join('\n')
}
