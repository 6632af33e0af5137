import assert from 'node:assert/strict'
import { test } from 'node:test'
import { localServer } from '../k6/local-server.ts'
import { runScript } from '../k6/run-script.ts'

/** What is made of text at run time nobody can follow. */
const head = (url: string) => `import http from 'k6/http'
import { sleep, check } from 'k6'
import ws from 'k6/ws'
const url = '${url}'
const lost = new Function('f', 'return f()')
const get = () => http.get(url + '/a')
`

/** What the default function does, and the line that must be named. */
const missed: Record<string, { body: string; says: RegExp; place: RegExp }> = {
  'followed by another request': {
    body: `lost(get)\n  http.post(url + '/b')`,
    says: /a blocking call \(POST\) was made while an earlier one of this user was still under way/,
    place: /at default \(.*script\.js:9:\d+\)/,
  },
  'followed by a sleep': { body: `lost(get)\n  sleep(0)`, says: /blocking call \(sleep\(\)\)/, place: /script\.js:9/ },
  'only tested for truth': {
    body: `if (lost(get)) sleep(0)`,
    says: /blocking call \(sleep\(\)\)/,
    place: /script\.js:8/,
  },
  'hidden from the script by a catch clause': {
    body: `lost(get)\n  try { sleep(0) } catch {}`,
    says: /blocking call \(sleep\(\)\)/,
    place: /script\.js:9/,
  },
  'the last thing that the function does': {
    body: `sleep(0)\n  lost(get)`,
    says: /a function of the script ended while a blocking call was still under way/,
    place: /./,
  },
  'the last thing that a timer does': {
    body: `setTimeout(() => { lost(get) }, 1)`,
    says: /a function of the script ended while a blocking call was still under way/,
    place: /./,
  },
} // biome-ignore format: one list

for (const [name, { body, says, place }] of Object.entries(missed)) {
  test(`a blocking call that nobody waits for ends the load: ${name}`, async (t) => {
    const { url } = await localServer(t)
    const { result, errors } = await runScript(t, `${head(url)}export default function () {\n  ${body}\n}`)
    assert.equal(errors.length, 1)
    assert.match(errors.join('\n'), says)
    assert.match(errors.join('\n'), /was not recognised as blocking\. Call it by its own name/)
    assert.match(errors.join('\n'), place)
    assert.equal(result.exitCode, 107)
  })
}

for (const [name, line] of Object.entries({
  'an async function': 'export async function unused() { await null }',
  'a function that calls then()': 'export function unused(p) { return p.then(() => 1) }',
})) {
  test(`a blocking call that nobody waits for ends the load also beside ${name}`, async (t) => {
    const { url } = await localServer(t)
    const { result, errors } = await runScript(t, `${head(url)}export default function () { lost(get) }\n${line}`)
    assert.match(errors.join('\n'), /a function of the script ended while a blocking call was still under way/)
    assert.equal(result.exitCode, 107)
  })
}

test('a library that only looks for promises takes no guard away', async (t) => {
  const { url } = await localServer(t)
  const looks = `const isPromise = (x) => typeof Promise === 'function' && typeof x.then === 'function'`
  const { result } = await runScript(
    t,
    `${head(url)}${looks}\nexport default function () { if (!isPromise(url)) { lost(get); sleep(0) } }`,
  )
  assert.equal(result.exitCode, 107)
})

test('an iteration lasts until the blocking calls of its promise jobs are over', async (t) => {
  const { url } = await localServer(t)
  const { errors, metric } = await runScript(
    t,
    `${head(url)}export const options = { iterations: 2 }
    export default function () { Promise.resolve().then(() => { sleep(0.03); get(); get() }) }`,
  )
  assert.deepEqual(errors, [])
  const requests = metric('http_reqs')
  assert.equal(requests?.kind === 'counter' && requests.count, 4)
})

/** Each makes blocking calls beside others where k6 lets it. */
const rightful: Record<string, string> = {
  'handlers of a session': `ws.connect(wsUrl, {}, (socket) => {
      socket.on('open', () => { get(); sleep(0); get(); socket.close(); get() })
      socket.on('close', () => { get(); sleep(0) })
    })
    get()`,
  'timers after one another': `setTimeout(() => { get(); sleep(0.01); get() }, 1); setTimeout(() => { get(); get() }, 2); sleep(0.01); get()`,
  'several functions of one check': `check(1, { a: () => get().status === 200, b: () => get().status === 200, c: true })`,
  'promise callbacks': `Promise.resolve().then(() => get()); get(); sleep(0.01)`,
  'a handler that throws, and one that is called for it': `try {
      ws.connect(wsUrl, {}, (socket) => { socket.on('open', () => { get(); throw new Error('x') }); socket.on('close', () => { get() }) })
    } catch {}
    get()`,
}

for (const [name, body] of Object.entries(rightful)) {
  test(`no call is taken for a missed one: ${name}`, async (t) => {
    const server = await localServer(t)
    const script = `${head(server.url)}const wsUrl = '${server.wsUrl}'
      export const options = { iterations: 2 }
      export default function () { ${body} }`
    const { result, errors, metric } = await runScript(t, script)
    assert.deepEqual(errors, [])
    assert.equal(result.exitCode, 0)
    assert.equal(metric('iterations')?.kind, 'counter')
  })
}

test('a result that was not waited for cannot be made JSON', async (t) => {
  const { url } = await localServer(t)
  const { errors } = await runScript(
    t,
    `${head(url)}export default function () {\n  const r = lost(get)\n  JSON.stringify({ r })\n}`,
  )
  assert.match(errors[0]!, /a result that is still on its way was made JSON.*was not recognised as blocking/)
  assert.match(errors[0]!, /at default \(.*script\.js:9:\d+\)/)
})
