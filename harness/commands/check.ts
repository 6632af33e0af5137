import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { LoadJob, ScenarioFacts } from '../engine/port.ts'
import { providedModules } from '../engine/sessions/k6/table.ts'
import { checkScript, type Finding } from '../engine/sessions/script/check.ts'
import { closeBundler } from '../engine/sessions/script/load.ts'
import { displayPath, displayPlace } from '../engine/sessions/script/places.ts'
import { engines } from '../engine/table.ts'
import { UserError } from '../errors.ts'
import { exitCodes } from '../exit-codes.ts'
import { readArguments, readEnvironment } from './arguments.ts'
import { askK6, type K6Answer } from './check/ask-k6.ts'
import type { Command } from './port.ts'

const help = `  -e, --env KEY=VALUE      an environment variable of the script (__ENV.KEY); can be given several times
      --k6                 there must be a k6 on the PATH to be asked ("k6 inspect"); one that is there is asked anyway
      --no-k6              ask none
      --json               the same as JSON

Runs the script's top level, as every start of it does, and no iteration.

Exit codes: 0 both engines run it (what may differ is told), 107 one of them does not, 104 there is no such script.`

export const check: Command = {
  synopsis: '<script> [options]',
  purpose: 'Tells whether the embedded engine and stock k6 both run a script, and what to do where not.',
  help,
  async run(args, signal) {
    const parsed = readArguments(args, { 'env|e': 'repeated', k6: 'flag', 'no-k6': 'flag', json: 'flag' })
    const [script, ...rest] = parsed.positionals
    if (script === undefined) throw new UserError('weir check needs a script: weir check <script> [options]')
    if (rest.length > 0) throw new UserError(`weir check takes one script, found also: ${rest.join(' ')}`)
    if (!existsSync(script))
      throw new UserError(`the script "${script}" does not exist (looked for ${resolve(script)})`)
    const own = readEnvironment(parsed.repeated('env'))
    const env = { ...(process.env as Record<string, string>), ...own }
    const path = resolve(script)
    const answer: K6Answer = parsed.flag('no-k6')
      ? { kind: 'unknown' }
      : await askK6(path, own, parsed.flag('k6'), signal)
    const verdict = await judge({ script: path, env, options: {}, cpus: null }, answer, signal)
    console.log(parsed.flag('json') ? asJson(verdict) : asText(verdict))
    return verdict.findings.some(({ kind }) => kind === 'refused') ? exitCodes.scriptException : exitCodes.ok
  },
}

interface Verdict {
  script: string
  findings: Finding[]
  /** null: the script does not get so far as to have any. */
  facts: ScenarioFacts | null
  k6: K6Answer
}

/** Reads the script first, then lets the engine read its options. @param k6 what a real one says */
async function judge(job: LoadJob, k6: K6Answer, signal: AbortSignal): Promise<Verdict> {
  const { script } = job
  const { findings: seen, loads, optionPlaces } = await checkScript(script, providedModules)
  await closeBundler()
  const findings = [...seen, ...ofAnswer(k6)]
  if (!loads) return { script, findings, facts: null, k6 }
  try {
    const facts = await engines.sessions.inspect(job, signal)
    return {
      script,
      findings: [...findings, ...facts.warnings.map((text) => ofWarning(text, optionPlaces))],
      facts,
      k6,
    }
  } catch (error) {
    if (!(error instanceof UserError) || error.exitCode === exitCodes.interrupted) throw error
    return { script, findings: [...findings, ...ofError(error, k6)], facts: null, k6 }
  }
}

/** `option "rps" is ...`, `scenario "a" lasts 300ms: k6 refuses less than 1s` */
function ofWarning(text: string, places: Awaited<ReturnType<typeof checkScript>>['optionPlaces']): Finding {
  const option = /^option "(\w+)"/.exec(text)?.[1]
  const [what, remedy] = text.split('; ')
  if (text.includes('k6 refuses'))
    return {
      engine: 'k6',
      kind: 'refused',
      place: null,
      what: text,
      remedy: 'run it with weir, or give k6 what it takes',
    }
  return {
    engine: 'weir',
    kind: 'differs',
    place: places.get(option ?? '') ?? null,
    what: what ?? text,
    remedy: remedy ?? 'take it out, or run the script with "k6 run" where it matters',
  }
}

/** What only weir has, or has not. */
const isOfWeirAlone = /is not provided|options\.ext\.weir|"k6 run"|in weir|did not come to an end/

/** What goes wrong at the top level or in the options goes wrong in k6 too; one that was asked has said so itself. */
function ofError({ message }: UserError, k6: K6Answer): Finding[] {
  const own: Finding = {
    engine: 'weir',
    kind: 'refused',
    place: null,
    what: message,
    remedy: 'mend the top level of the script or its options',
  }
  return k6.kind === 'unknown' && !isOfWeirAlone.test(message) ? [own, { ...own, engine: 'k6' }] : [own]
}

const ofAnswer = (k6: K6Answer): Finding[] =>
  k6.kind === 'refuses'
    ? [
        {
          engine: 'k6',
          kind: 'refused',
          place: null,
          what: `k6 inspect: ${k6.why}`,
          remedy: 'mend it, or run the script with weir',
        },
      ]
    : []

const isRefused = ({ findings }: Verdict, by: Finding['engine']): boolean =>
  findings.some(({ engine, kind }) => engine === by && kind === 'refused')

/** null: weir did not get so far as to tell, and no k6 was asked. */
function isRunByK6(verdict: Verdict): boolean | null {
  if (isRefused(verdict, 'k6')) return false
  return verdict.k6.kind === 'runs' || verdict.facts !== null ? true : null
}

function answerOfK6(verdict: Verdict): string {
  const runs = isRunByK6(verdict)
  if (runs === null) return 'not known (no k6 was asked)'
  if (!runs) return 'does not run it'
  return verdict.k6.kind === 'runs' ? 'runs it' : 'runs it, as far as weir can tell (no k6 was asked)'
}

const asJson = (verdict: Verdict): string =>
  JSON.stringify(
    {
      script: verdict.script,
      runs: { weir: !isRefused(verdict, 'weir'), k6: isRunByK6(verdict) },
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
  const answers = [`weir: ${isRefused(verdict, 'weir') ? 'does not run it' : 'runs it'}`, `k6: ${answerOfK6(verdict)}`]
  return [...lines, ...scenarios.map((line) => `ok: ${line}`), ...answers].join('\n')
}
