import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  type CompiledScript,
  compileScript,
  type ProvidedModules,
} from '../../../../harness/engine/sessions/script/load.ts'
import type { ScriptWorld } from '../../../../harness/engine/sessions/script/realm.ts'

/**
 * Fakes of the k6 modules in two kinds: one blocks, as k6 does, the other gives promises that are kept later. A script
 * that ran rightly leaves the same trace with both.
 */

export const provided: ProvidedModules = new Map([
  ['k6', new Set(['default', 'sleep', 'group', 'check', 'fail', 'randomSeed'])],
  [
    'k6/http',
    new Set([
      'default',
      'get',
      'post',
      'put',
      'patch',
      'del',
      'head',
      'options',
      'request',
      'batch',
      'asyncRequest',
      'url',
    ]),
  ],
  ['k6/ws', new Set(['default', 'connect'])],
  ['k6/metrics', new Set(['default', 'Trend', 'Counter'])],
])

type Modules = Record<string, Record<string, unknown>>
type Wait = <T>(start: string, finish: () => T) => unknown

/** What the fakes' functions have in common; `wait` is what differs. */
function modules(log: (line: string) => void, wait: Wait, isAsync: boolean): Modules {
  const answer = (url: string) => {
    if (String(url).startsWith('bad')) throw new Error(`cannot reach ${url}`)
    return { status: 200, body: `<${url}>`, url, json: () => ({ of: url }), nothing: () => null }
  }
  const verb = (name: string) => (url: string) =>
    wait(`${name} ${url}`, () => {
      log(`${name} done ${url}`)
      return answer(url)
    })
  const verbs = Object.fromEntries(
    ['get', 'post', 'put', 'patch', 'del', 'head', 'options', 'request'].map((name) => [name, verb(name)]),
  )
  const http = {
    ...verbs,
    batch: (urls: string[]) => wait(`batch ${urls}`, () => urls.map(answer)),
    asyncRequest: (method: string, url: string) => {
      log(`async ${method} ${url}`)
      return Promise.resolve(answer(url))
    },
    url: (strings: TemplateStringsArray, ...values: unknown[]) => String.raw({ raw: strings }, ...values),
  }
  const group = (name: string, body: () => unknown) => {
    log(`group ${name}`)
    const leave = <T>(value: T): T => {
      log(`end ${name}`)
      return value
    }
    const result = body()
    return isAsync && result instanceof Promise ? result.then(leave) : leave(result)
  }
  const check = (value: unknown, checks: Record<string, (value: unknown) => unknown>) => {
    const note = (name: string, passed: unknown): boolean => {
      log(`check ${name} ${passed}`)
      return Boolean(passed)
    }
    const results = Object.entries(checks).map(([name, test]) => [name, test(value)] as const)
    if (!isAsync) return results.map(([name, passed]) => note(name, passed)).every(Boolean)
    if (!results.some(([, passed]) => passed instanceof Promise))
      return results.map(([name, passed]) => note(name, passed)).every(Boolean)
    return Promise.all(results.map(async ([name, passed]) => note(name, await passed))).then((all) =>
      all.every(Boolean),
    )
  }
  const k6 = {
    sleep: (s: number) => wait(`sleep ${s}`, () => undefined),
    group,
    check,
    fail: (why: string) => {
      throw new Error(why)
    },
    randomSeed: () => undefined,
  }
  const ws = {
    connect: (url: string, _: unknown, session: (socket: unknown) => unknown) =>
      wait(`connect ${url}`, () => session({ url })),
  }
  const metrics = {
    Trend: class {
      add(value: unknown) {
        log(`trend ${value}`)
      }
    },
    Counter: class {
      add(value: unknown) {
        log(`count ${value}`)
      }
    },
  }
  const named = { k6, 'k6/http': http, 'k6/ws': ws, 'k6/metrics': metrics }
  return Object.fromEntries(Object.entries(named).map(([name, members]) => [name, { ...members, default: members }]))
}

export const blockingModules = (log: (line: string) => void): Modules =>
  modules(
    log,
    (start, finish) => {
      log(start)
      return finish()
    },
    false,
  )

export const promisingModules = (log: (line: string) => void): Modules =>
  modules(
    log,
    async (start, finish) => {
      log(start)
      await new Promise((resolve) => setImmediate(resolve))
      return finish()
    },
    true,
  )

/** Files in a folder of their own, removed when the test ends. Gives the path of the first. */
export function scriptFiles(t: { after(cleanUp: () => void): void }, files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'weir-script-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return join(folder, Object.keys(files)[0] ?? '')
}

export const compileText = (
  t: { after(cleanUp: () => void): void },
  text: string,
  name = 'script.js',
): Promise<CompiledScript> => compileScript(scriptFiles(t, { [name]: text }), provided)

export const worldOf = (log: (line: string) => void, globals: Record<string, unknown> = {}): ScriptWorld => ({
  modules: promisingModules(log),
  globals: { log, ...globals },
})

/** Runs an exported function of a fresh user; gives what it logged, and last what it returned or threw. */
export async function run(
  script: CompiledScript,
  globals: Record<string, unknown> = {},
  name = 'default',
): Promise<string[]> {
  const trace: string[] = []
  const log = (line: unknown): void => void trace.push(String(line))
  const exports = script.instantiate(worldOf(log, globals))
  await settleInto(trace, exports[name] as () => unknown)
  return trace
}

async function settleInto(trace: string[], main: () => unknown): Promise<void> {
  try {
    trace.push(`returned ${JSON.stringify(await main())}`)
  } catch (error) {
    trace.push(`threw ${error}`)
  }
}

const imports = `import http from 'k6/http'
import { sleep, group, check } from 'k6'
import ws from 'k6/ws'
`

/** A script around a text that declares `main`. */
export const scriptAround = (text: string): string => `${imports}${text}\nexport default main\n`

/** Runs the same text as k6 would: every call blocks, nothing is rewritten. */
export async function runBlocking(text: string): Promise<string[]> {
  const trace: string[] = []
  const log = (line: unknown): void => void trace.push(String(line))
  const { k6, 'k6/http': http, 'k6/ws': ws } = blockingModules(log)
  const make = new Function('log', 'http', 'sleep', 'group', 'check', 'ws', `'use strict'\n${text}\nreturn main`)
  await settleInto(trace, make(log, http, k6?.sleep, k6?.group, k6?.check, ws))
  return trace
}
