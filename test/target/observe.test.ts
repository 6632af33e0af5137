import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { observeOutside } from '../../harness/target/observe.ts'
import { program, until } from './programs.ts'

const skip = !existsSync('/proc/self/schedstat') && 'needs /proc'

/** A running program, ended with the test; each call of `next` gives the next thing that it prints. */
async function start(t: TestContext, name: string, source: string) {
  const child = spawn(process.execPath, [program(name, source)], { stdio: ['pipe', 'pipe', 'inherit'] })
  t.after(() => child.kill('SIGKILL'))
  const next = async () => String(await once(child.stdout, 'data')).trim()
  const first = await next()
  return { child, pid: child.pid!, first, next }
}

const spendCpuMs = (ms: number) => `
  const used = () => (process.cpuUsage().user + process.cpuUsage().system) / 1000
  const end = used() + ${ms}
  while (used() < end);`

const growing = `
  process.stdin.once('data', () => {
    globalThis.kept = Buffer.alloc(64e6, 1)
    ${spendCpuMs(200)}
    console.log(JSON.stringify({ ...process.cpuUsage(), rss: process.memoryUsage().rss }))
  })
  console.log(JSON.stringify({ ...process.cpuUsage(), rss: process.memoryUsage().rss }))`

test('memory and CPU agree with what the process says of itself', { skip }, async (t) => {
  const { child, pid, first, next } = await start(t, 'growing.mjs', growing)
  const observer = observeOutside(pid, 10_000)
  const before = observer.sampleNow()!
  child.stdin.write('go\n')
  const after = JSON.parse(await next())
  observer.sampleNow()
  assert.equal(observer.soFar().length, 3)
  const samples = observer.stop()
  const last = samples.at(-1)!
  const ownCpuMs = (after.user + after.system - JSON.parse(first).user - JSON.parse(first).system) / 1000
  assert.equal(samples.length, 3, 'one at the start and two on demand')
  // Loose: what both may differ in is the work around the two looks.
  assert.ok(Math.abs(last.cpuMs - before.cpuMs - ownCpuMs) < 100, `${last.cpuMs - before.cpuMs} against ${ownCpuMs}`)
  assert.ok(last.rssBytes - before.rssBytes > 50e6)
  assert.ok(Math.abs(last.rssBytes - after.rss) < 20e6, `${last.rssBytes} against ${after.rss}`)
  assert.ok(last.peakRssBytes >= last.rssBytes)
  assert.ok(last.threads > 1 && last.descriptors > 3 && last.voluntarySwitches > 0)
  assert.ok(last.atMs > before.atMs)
})

test('what a thread used stays counted when it has ended', { skip }, async (t) => {
  const { child, pid, next } = await start(
    t,
    'threaded.mjs',
    `import { Worker } from 'node:worker_threads'
     let worker
     process.stdin.on('data', (text) => { if (String(text).includes('end')) worker.terminate().then(() => console.log('ended')) })
     worker = new Worker('const end = Date.now() + 100; while (Date.now() < end); require("worker_threads").parentPort.postMessage(1); setInterval(() => {}, 1000)', { eval: true })
     worker.once('message', () => console.log('worked'))`,
  )
  const observer = observeOutside(pid, 10_000)
  const during = observer.sampleNow()!
  child.stdin.write('end\n')
  assert.equal(await next(), 'ended')
  const after = await until(() => {
    const sample = observer.sampleNow()!
    return sample.threads < during.threads && sample
  }, 'the end of the thread')
  assert.ok(after.cpuMs >= during.cpuMs, `${after.cpuMs} after ${during.cpuMs}`)
  assert.ok(after.voluntarySwitches >= during.voluntarySwitches)
  observer.stop()
})

test('the work of a child process is counted with its parent', { skip }, async (t) => {
  const { pid } = await start(
    t,
    'forking.mjs',
    `import { fork } from 'node:child_process'
     if (process.argv[2]) { ${spendCpuMs(300)} process.send('done') }
     else fork(process.argv[1], ['child']).once('message', () => console.log('done'))
     process.on('disconnect', () => process.exit())
     setInterval(() => {}, 1000)`,
  )
  const observer = observeOutside(pid, 10_000)
  const [sample] = observer.stop()
  assert.ok(sample!.cpuMs > 300)
})

test('CPU of threads that nobody saw alive is counted, and no more than there was', { skip }, async (t) => {
  const { child, pid, next } = await start(
    t,
    'short-threads.mjs',
    `import { once } from 'node:events'
     import { Worker } from 'node:worker_threads'
     const work = ${JSON.stringify(spendCpuMs(50))}
     process.stdin.on('data', async (text) => {
       if (String(text).includes('work'))
         for (let thread = 0; thread < 10; thread++) await once(new Worker(work, { eval: true }), 'exit')
       console.log(JSON.stringify(process.cpuUsage()))
     })
     console.log('up')`,
  )
  const usedMs = (told: string) => (JSON.parse(told).user + JSON.parse(told).system) / 1000
  const observer = observeOutside(pid, 10_000)
  child.stdin.write('work\n')
  const before = usedMs(await next())
  const sample = observer.sampleNow()!
  child.stdin.write('tell\n')
  const after = usedMs(await next())
  const last = observer.sampleNow()!
  observer.stop()
  assert.ok(before > 500, `ten threads used ${before} ms`)
  assert.ok(sample.cpuMs >= 0.9 * before, `${sample.cpuMs} of ${before} ms were seen`)
  assert.ok(sample.cpuMs <= after, `${sample.cpuMs} of at most ${after} ms were seen`)
  assert.ok(last.cpuMs >= sample.cpuMs, `${last.cpuMs} after ${sample.cpuMs}`)
})

test('what a process used stays counted when it has ended', { skip }, async (t) => {
  const { child, pid, next } = await start(
    t,
    'ending.mjs',
    `import { fork } from 'node:child_process'
     if (process.argv[2]) {
       ${spendCpuMs(300)}
       process.on('message', () => process.exit())
       process.send('worked')
     } else {
       const child = fork(process.argv[1], ['child'])
       child.once('message', () => console.log('worked'))
       child.once('exit', () => console.log('ended'))
       process.stdin.once('data', () => child.send('end'))
     }`,
  )
  const observer = observeOutside(pid, 10_000)
  const before = observer.sampleNow()!
  child.stdin.write('end\n')
  assert.equal(await next(), 'ended')
  const after = observer.sampleNow()!
  observer.stop()
  assert.ok(before.cpuMs > 300)
  assert.ok(after.threads < before.threads, 'the child was seen before, and is gone')
  assert.ok(after.cpuMs >= before.cpuMs, `${after.cpuMs} after ${before.cpuMs}`)
})

test('looks come by themselves and end with the process', { skip }, async (t) => {
  const { child, pid } = await start(t, 'idle.mjs', `console.log('up'); setInterval(() => {}, 1000)`)
  const observer = observeOutside(pid, 20)
  await new Promise((resolve) => setTimeout(resolve, 200))
  child.kill('SIGKILL')
  await once(child, 'exit')
  assert.equal(observer.sampleNow(), null)
  assert.ok(observer.stop().length > 1)
  assert.equal(observer.note, null)
})
