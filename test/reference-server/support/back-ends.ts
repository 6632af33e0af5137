import { once } from 'node:events'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { folderOf, notInstalled, postgres, redis } from '../../../reference-server/services/programs.ts'
import { type Started, start } from './processes.ts'

const programs = { postgres, redis }
export type BackEndName = keyof typeof programs

/** A PostgreSQL or a Redis of a test's own. */
export interface TestBackEnd {
  /** For `DATABASE_URL` or `REDIS_URL`. */
  url: string
  port: number
  /** Stops it for a while: connections break and new ones are refused. What PostgreSQL has stays, what Redis has goes. */
  goDown(): Promise<void>
  /** Starts it again on the same port, with the same data. */
  comeBack(): Promise<void>
  /** Stops it for good; its data goes with it. */
  stop(): Promise<void>
}

const freePort = async (): Promise<number> => {
  const holder = createServer().listen(0, '127.0.0.1')
  await once(holder, 'listening')
  const { port } = holder.address() as AddressInfo
  await new Promise((resolve) => holder.close(resolve))
  return port
}

const startBackEnd = async (name: BackEndName, urlOf: (port: number) => string): Promise<TestBackEnd> => {
  const port = await freePort()
  const folder = await mkdtemp(join(tmpdir(), 'gateway-test-'))
  // The server does not run as root where the test does, and has to get to its data in there.
  await chmod(folder, 0o755)
  const args = ['--port', `${port}`, '--data', join(folder, 'data'), '--keep', 'yes']
  let running: Started | undefined
  let isOver = false
  const comeBack = async (): Promise<void> => {
    // A test that has failed already may still be on its way to here.
    if (isOver) throw new Error(`this ${name} was stopped for good`)
    running = start(`services/${name}.ts`, args, {})
    await running.listening
  }
  const goDown = async (): Promise<void> => {
    await running?.stop()
    running = undefined
  }
  const stop = async (): Promise<void> => {
    isOver = true
    await goDown()
    await rm(folder, { recursive: true, force: true })
  }
  await comeBack().catch(async (error) => {
    await stop()
    throw error
  })
  return { url: urlOf(port), port, goDown, comeBack, stop }
}

/** An empty database `gateway`, whose owner may create others. */
export const startPostgres = (): Promise<TestBackEnd> =>
  startBackEnd('postgres', (port) => `postgres://gateway@127.0.0.1:${port}/gateway`)

export const startRedis = (): Promise<TestBackEnd> => startBackEnd('redis', (port) => `redis://127.0.0.1:${port}`)

const starters = { postgres: startPostgres, redis: startRedis } satisfies Record<BackEndName, unknown>

/**
 * For the option `skip` of a suite that needs a back end: false where it is installed, else a reason, which is said
 * aloud too. With WEIR_REQUIRE_ALL=1 nothing is skipped: the suite runs, and fails where it starts what is not there.
 */
export const skipWithout = (...names: BackEndName[]): string | false => {
  const missing = names.map((name) => programs[name]).find((program) => folderOf(program) === undefined)
  if (!missing || process.env.WEIR_REQUIRE_ALL === '1') return false
  console.warn(`SKIPPED: ${notInstalled(missing)}`)
  return notInstalled(missing)
}

/**
 * A back end for one test, stopped when the test ends; null where it is not installed: then the test is marked as
 * skipped and says why, or fails where WEIR_REQUIRE_ALL=1 wants every test run.
 */
export const backEndOrSkip = async (t: TestContext, name: BackEndName): Promise<TestBackEnd | null> => {
  const reason = skipWithout(name)
  if (reason !== false) {
    t.skip(reason)
    return null
  }
  const backEnd = await starters[name]()
  t.after(() => backEnd.stop())
  return backEnd
}
