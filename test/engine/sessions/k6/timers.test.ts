import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { localServer } from './local-server.ts'
import { runScript } from './run-script.ts'

describe('timers and the event loop of a user', { concurrency: 8 }, () => {
  it('callbacks wait while the user is inside of a blocking call, and run in order afterwards', async (t) => {
    const server = await localServer(t)
    const { said } = await runScript(
      t,
      `import { sleep } from 'k6'
       import http from 'k6/http'
       export default function () {
         setTimeout(() => console.log('20 ms'), 20)
         setTimeout((a, b) => console.log('10 ms ' + a + b), 10, 'x', 'y')
         clearTimeout(setTimeout(() => console.log('never'), 5))
         sleep(0.06)
         console.log('slept')
         http.get('${server.url}/slow/40')
         console.log('main is over')
       }
       export function teardown() { console.log('torn down') }`,
    )
    assert.deepEqual(said, ['slept', 'main is over', '10 ms xy', '20 ms', 'torn down'])
  })

  it('a callback may block; those behind it wait, and the iteration lasts until the last is through', async (t) => {
    const { said, metric } = await runScript(
      t,
      `import { sleep } from 'k6'
       import { setTimeout } from 'k6/timers'
       export default function () {
         setTimeout(() => { console.log('first'); setTimeout(() => console.log('third'), 1); sleep(0.05); console.log('first slept') }, 0)
         setTimeout(() => console.log('second'), 10)
       }`,
      { options: { iterations: 2 } },
    )
    for (const [first, slept, ...rest] of [said.slice(0, 4), said.slice(4)]) {
      assert.deepEqual([first, slept, rest.sort()], ['first', 'first slept', ['second', 'third']])
    }
    assert.equal(metric('iterations')?.sum, 2)
  }) // biome-ignore format: one list

  it('an interval goes on until it is cleared, and the iteration with it', async (t) => {
    const { said } = await runScript(
      t,
      `export default function () {
         let runs = 0
         const id = setInterval(() => { console.log(++runs); if (runs === 3) clearInterval(id) }, 10)
       }`,
      { options: { iterations: 2 } },
    )
    assert.deepEqual(said, ['1', '2', '3', '1', '2', '3'])
  })

  it('an exception in a callback ends the iteration and drops what it still had', async (t) => {
    const { said, errors } = await runScript(
      t,
      `export default function () {
         setTimeout(() => { console.log('thrown'); throw new Error('in a timer') }, 10)
         setTimeout(() => console.log('later'), 40)
       }`,
      { options: { iterations: 2 } },
    )
    assert.deepEqual(said, ['thrown', 'thrown'])
    assert.match(errors[0]!, /in a timer.*script\.js:2:/s)
  })

  it('a callback that blocks keeps the iteration alive, also the last one', async (t) => {
    const server = await localServer(t)
    const { said, metric } = await runScript(
      t,
      `import http from 'k6/http'
       export default function () {
         setTimeout(() => { console.log('called'); console.log(http.get('${server.url}/slow/20').body); http.get('${server.url}/echo'); console.log('through') }, 5)
       }`,
      { options: { iterations: 2 } },
    )
    assert.deepEqual(said, ['called', 'slow', 'through', 'called', 'slow', 'through'])
    assert.deepEqual([metric('iterations')?.sum, metric('http_reqs')?.sum], [2, 4])
  })

  it('an exception in a callback also ends an iteration whose main function waits for ever', async (t) => {
    const { said, errors, metric } = await runScript(
      t,
      `export default async function () {
         setTimeout(() => { throw new Error('in a timer') }, 5)
         console.log('waits')
         await new Promise((resolve) => setTimeout(resolve, 60000))
         console.log('never')
       }`,
      { options: { iterations: 3 } },
    )
    assert.deepEqual([said, errors.length, metric('iterations')?.sum], [['waits', 'waits', 'waits'], 3, 3])
  })

  it('what an iteration that failed left behind does not end a later one', async (t) => {
    const server = await localServer(t)
    const { said, errors, metric } = await runScript(
      t,
      `import http from 'k6/http'
       let isLate = false
       export default async function () {
         if (__ITER > 0) {
           while (!isLate) await new Promise((resolve) => setTimeout(resolve, 5))
           console.log('through')
           return
         }
         setTimeout(() => { throw new Error('in a timer') }, 5)
         await http.asyncRequest('GET', '${server.url}/slow/40')
         isLate = true
         throw new Error('too late to matter')
       }`,
      { options: { iterations: 2 } },
    )
    assert.deepEqual([said, errors.length, metric('iterations')?.sum], [['through'], 2, 2])
  })

  it('an async function is waited for, and its failure ends the iteration', async (t) => {
    const { said, errors } = await runScript(
      t,
      `export default async function () {
         await new Promise((resolve) => setTimeout(resolve, 10))
         console.log('waited')
         await null
         throw new Error('rejected')
       }`,
      { options: { iterations: 2 } },
    )
    assert.deepEqual(said, ['waited', 'waited'])
    assert.equal(errors.length, 2)
  })

  it('asyncRequest() runs beside others, beside blocking calls, and keeps the iteration alive', async (t) => {
    const server = await localServer(t)
    const { said, metric } = await runScript(
      t,
      `import http from 'k6/http'
       const url = '${server.url}'
       export default async function () {
         const all = await Promise.all([1, 2, 3].map(() => http.asyncRequest('GET', url + '/slow/60')))
         console.log(all.map((response) => response.status).join())
         const beside = http.asyncRequest('GET', url + '/slow/20').then((response) => console.log('beside ' + response.body))
         console.log('blocking ' + http.get(url + '/slow/60').body)
         await beside
         http.asyncRequest('GET', url + '/echo').then(() => http.asyncRequest('POST', url + '/echo', 'x')).then((response) => console.log('loose ' + response.json('body')))
         console.log('main is over')
       }`,
    )
    assert.deepEqual(said, ['200,200,200', 'blocking slow', 'beside slow', 'main is over', 'loose x'])
    assert.ok(server.mostAtOnce >= 3)
    assert.equal(metric('http_reqs')?.sum, 7)
  })

  it('interrupts what waits for timers when the graceful stop is over', async (t) => {
    const { said, metric } = await runScript(
      t,
      `export const options = { scenarios: { s: { executor: 'constant-vus', vus: 2, duration: '100ms', gracefulStop: '50ms' } } }
       export default function () { setInterval(() => {}, 10); setTimeout(() => console.log('never'), 5000) }`,
    )
    assert.deepEqual(said, [])
    assert.equal(metric('interrupted_iterations')?.sum, 2)
  })

  it('refuses a timer of what is no function', async (t) => {
    const { errors } = await runScript(t, "export default function () { setTimeout('code', 1) }")
    assert.match(errors[0]!, /could not convert function call parameter 0: could not convert code to sobek\.Callable/)
  })
})
