import { setTimeout as sleep } from 'node:timers/promises'
import type { Bench, Part } from './bench.ts'
import { figureTable } from './figures.ts'
import { growthPerUser, underLoad } from './load.ts'
import { type Nginx, until, withNginx } from './nginx.ts'
import { rssKBOf } from './process-figures.ts'
import { median } from './text-table.ts'

/** What very many users cost before and while they ask. */
export const usersPart = (users: number): Part => ({
  name: 'users',
  title: `${users} users of an http.get loop: how soon they are there, and generator's (RSS then - RSS with none) / users`,
  connections: users,
  run: (bench) => withNginx(bench, users, (nginx) => describe(nginx, users, bench)),
})

interface Crowd {
  /** From the start of the process. */
  readyS: number
  connectedS: number
  readyKBPerUser: number
  KBPerUser: number
}

async function describe(nginx: Nginx, users: number, bench: Bench): Promise<string> {
  const rounds: Crowd[] = []
  for (let round = 0; round < bench.options.rounds; round++) rounds.push(await gather(nginx, users, bench))
  const of = (figure: keyof Crowd): number => median(rounds.map((each) => each[figure]))
  return figureTable([
    { what: 'all users initialised after', unit: 's', value: of('readyS'), digits: 2, target: null },
    { what: 'all connected after', unit: 's', value: of('connectedS'), digits: 2, target: { atMost: 10 } },
    { what: 'memory before anything is sent', unit: 'KB/user', value: of('readyKBPerUser'), digits: 1, target: null },
    { what: 'memory at full rate', unit: 'KB/user', value: of('KBPerUser'), digits: 1, target: { atMost: 25 } },
  ])
}

async function gather(nginx: Nginx, users: number, bench: Bench): Promise<Crowd> {
  await until(nginx, ({ connections }) => connections <= 3, 'let go of the connections before')
  const spec = { script: 'get.ts', env: { URL: nginx.url }, options: { vus: users, duration: '1h' } }
  const { seen, result } = await underLoad(spec, bench, async ({ pid, spawnedAtMs, ready }) => {
    // The connection that asks for the status is one more.
    await until(nginx, ({ connections }) => connections > users, `${users} connections`)
    const connectedMs = performance.now() - spawnedAtMs
    await sleep(1000 * bench.options.seconds)
    return { ready, connectedMs, rssKB: rssKBOf(pid) }
  })
  return {
    readyS: seen.ready.afterMs / 1000,
    connectedS: seen.connectedMs / 1000,
    readyKBPerUser: growthPerUser(result, seen.ready.rssKB, users),
    KBPerUser: growthPerUser(result, seen.rssKB, users),
  }
}
