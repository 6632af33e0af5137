import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { monotonicNow } from '../harness/clock.ts'
import { type Seen, TargetWatch } from '../harness/target-watch.ts'

/** Was late by 30 ms twice before the load and by 7 ms three times within it; it forgets what it has told. */
async function lateService(t: TestContext) {
  const untold: number[] = [30, 30]
  let asked = 0
  const server = createServer((_, response) => {
    asked++
    const told = untold.splice(0).sort((a, b) => a - b)
    const worst = told.at(-1) ?? 0
    response.end(JSON.stringify({ count: told.length, p50Ms: worst, p99Ms: worst, maxMs: worst }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const untilAsked = async (times: number): Promise<void> => {
    while (asked < times) await sleep(5)
  }
  const isLate = () => untold.push(7, 7, 7)
  return { service: { name: 'stubs', url, config: { lateness: '/lateness' } }, untilAsked, isLate }
}

type Bounds = [name: string, startS: number, endS: number]

async function watched(t: TestContext, bounds: Bounds[], endsAfterMs: number): Promise<Seen> {
  const { service, untilAsked, isLate } = await lateService(t)
  const watch = new TargetWatch(process.pid, 'not counted here', [service])
  t.after(() => watch.stop())
  watch.start(
    monotonicNow(),
    bounds.map(([name, startS, endS]) => ({ name, startS, endS })),
  )
  await untilAsked(bounds.filter(([, startS]) => startS === 0).length)
  isLate()
  await sleep(endsAfterMs)
  watch.end()
  return await watch.stop()
}

const latenessOf = ({ lateness }: Seen) => lateness.map(({ phase, count, p99Ms }) => [phase, count, p99Ms])

test('Phases that end together all hear how late a service was, and nothing of before', async (t) => {
  const seen = await watched(t, [['client', 0, 0.3], ['own', 0, 0.3], ['watch', 0, 0.3]], 600) // biome-ignore format: one list
  assert.deepEqual(latenessOf(seen).sort(), [['client', 3, 7], ['own', 3, 7], ['watch', 3, 7]]) // biome-ignore format: one list
})

test('A phase within which another begins and ends hears of all of its time', async (t) => {
  const seen = await watched(t, [['all', 0, 0.6], ['part', 0.25, 0.4]], 900) // biome-ignore format: one list
  assert.deepEqual(latenessOf(seen).sort(), [['all', 3, 7], ['part', 0, 0]]) // biome-ignore format: one list
})

test('A load that ends before its time ends its phases: services are asked, and the target is looked at', async (t) => {
  const seen = await watched(t, [['main', 0, 600], ['never', 300, 600]], 1) // biome-ignore format: one list
  assert.deepEqual(latenessOf(seen), [['main', 3, 7]])
  assert.ok(seen.outside.length >= 3 || seen.notes.length > 0, `${seen.outside.length} looks`)
})
