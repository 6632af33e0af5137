import assert from 'node:assert/strict'
import { createServer } from 'node:net'
import { describe, test } from 'node:test'
import { LaunchFailure, launch } from '../../harness/target/launch.ts'
import { freePorts } from '../../harness/target/ports.ts'
import { commandOf, familyOf } from '../../harness/target/process-tree.ts'
import { folder, logOf, program, server, specFor, until } from './programs.ts'

const node = process.execPath

/** Expects the launch to fail, and gives how. */
async function failureOf(launching: Promise<unknown>): Promise<LaunchFailure> {
  const outcome = await launching.catch((error: unknown) => error)
  assert.ok(outcome instanceof LaunchFailure, `expected a LaunchFailure, got ${outcome}`)
  return outcome
}

async function onePort(): Promise<number> {
  const [port] = await freePorts(1)
  return port!
}

test('a server is running once its ready path answers 2xx, and gone after stop', async () => {
  const port = await onePort()
  const running = await launch(specFor(port, [node, server]))
  assert.ok(running.bootMs > 0)
  assert.equal(running.pid, running.groupPid)
  assert.deepEqual(running.outputTail(), [`starting as ${running.pid}`])
  const exit = await running.stop()
  assert.equal(exit.signal, 'SIGTERM')
  assert.deepEqual(familyOf(running.groupPid), [])
  assert.equal(await running.stop(), exit, 'a second stop gives the same exit')
})

test('accepting a connection is enough for a TCP probe', async () => {
  const port = await onePort()
  const silent = program(
    'silent.mjs',
    `import net from 'node:net'; net.createServer(() => {}).listen(process.env.PORT, '127.0.0.1')`,
  )
  const running = await launch(specFor(port, [node, silent], { ready: { tcp: true, timeoutMs: 10_000 } }))
  await running.stop()
})

test('readiness waits for 2xx, not for the first answer', async () => {
  const port = await onePort()
  const warmingUp = program(
    'warming-up.mjs',
    `import http from 'node:http'
     let asked = 0
     http.createServer((q, r) => {
       r.statusCode = ++asked < 4 ? 503 : 204
       console.log(r.statusCode)
       r.end()
     }).listen(process.env.PORT, '127.0.0.1')`,
  )
  const running = await launch(specFor(port, [node, warmingUp]))
  await running.stop()
  assert.equal(logOf(port), '503\n503\n503\n204\n')
})

test('a process that dies first fails the launch with its exit code and last 20 lines', async () => {
  const port = await onePort()
  const dying = program('dying.mjs', `for (let i = 1; i <= 50; i++) console.log('line', i); process.exit(3)`)
  const failure = await failureOf(launch(specFor(port, [node, dying])))
  assert.match(failure.message, /^target under test: ".*dying\.mjs" exited with code 3 before it was ready$/)
  assert.equal(failure.outputTail.length, 20)
  assert.equal(failure.outputTail.at(-1), 'line 50')
})

test('a command that does not exist fails the launch and is named', async () => {
  const failure = await failureOf(launch(specFor(await onePort(), ['weir-no-such-command'])))
  assert.match(failure.message, /could not be started: spawn weir-no-such-command ENOENT/)
})

test('a folder that does not exist fails the launch and is named', async () => {
  const failure = await failureOf(launch(specFor(await onePort(), [node, server], { cwd: '/no/such/folder' })))
  assert.match(failure.message, /\/no\/such\/folder/)
})

describe('a target that is never ready', { concurrency: true }, () => {
  test('fails the launch with what the probe met, and is stopped', async () => {
    const port = await onePort()
    const refusing = program(
      'refusing.mjs',
      `import http from 'node:http'
     console.log(process.pid)
     http.createServer((q, r) => { r.statusCode = 500; r.end() }).listen(process.env.PORT, '127.0.0.1')`,
    )
    const failure = await failureOf(
      launch(specFor(port, [node, refusing], { ready: { http: '/up', timeoutMs: 2000 } })),
    )
    assert.match(
      failure.message,
      /not ready within 2000 ms: GET http:\/\/127\.0\.0\.1:\d+\/up: answered 500, expected 2xx/,
    )
    assert.deepEqual(familyOf(Number(failure.outputTail[0])), [])
  })

  test('is told so when it listens on another port than it should', async () => {
    const [port, other] = await freePorts(2)
    const env = { PORT: String(other) }
    const failure = await failureOf(
      launch(specFor(port!, [node, server], { env, ready: { http: '/', timeoutMs: 2000 } })),
    )
    assert.match(failure.message, new RegExp(`it listens on port ${other} instead`))
  })
})

test('a port that is taken fails the launch before anything starts, and says by whom', async () => {
  const port = await onePort()
  const holder = createServer().listen(port, '127.0.0.1')
  await new Promise((resolve) => holder.once('listening', resolve))
  try {
    const failure = await failureOf(launch(specFor(port, [node, server])))
    assert.match(failure.message, new RegExp(`port ${port} is already taken \\(pid ${process.pid}: `))
    assert.throws(() => logOf(port), /ENOENT/)
  } finally {
    holder.close()
  }
})

test('a port that a stranger takes while the target starts is not taken for the target', async () => {
  const port = await onePort()
  const idle = program('idle.mjs', `console.log(process.pid); setInterval(() => {}, 1000)`)
  const launching = failureOf(launch(specFor(port, [node, idle], { ready: { tcp: true, timeoutMs: 10_000 } })))
  const pid = await until(() => readLog(port), 'the idle process')
  const stranger = createServer().listen(port, '127.0.0.1')
  try {
    const failure = await launching
    assert.match(failure.message, new RegExp(`port ${port} was taken by another process \\(pid ${process.pid}: `))
    assert.deepEqual(familyOf(Number(pid)), [])
  } finally {
    stranger.close()
  }
})

function readLog(port: number): string | null {
  try {
    return logOf(port) || null
  } catch {
    return null
  }
}

test('behind npm and a shell, the pid is that of the server, and stop ends them all', async () => {
  const port = await onePort()
  program('package.json', JSON.stringify({ scripts: { start: `node ${server} & wait` } }))
  const running = await launch(specFor(port, ['npm', 'start']))
  const family = familyOf(running.groupPid)
  assert.notEqual(running.pid, running.groupPid)
  assert.equal(commandOf(running.pid), `node ${server}`)
  assert.ok(family.length >= 3, `npm, a shell and the server, not ${family.length} processes`)
  await running.stop()
  assert.deepEqual(familyOf(running.groupPid), [])
})

test('a child that made a session of its own is stopped too', async () => {
  const port = await onePort()
  const parent = program(
    'parent.mjs',
    `import { spawn } from 'node:child_process'
     spawn(process.execPath, [${JSON.stringify(server)}], { detached: true, stdio: 'inherit' })
     setInterval(() => {}, 1000)`,
  )
  const running = await launch(specFor(port, [node, parent]))
  assert.equal(familyOf(running.pid).length, 1)
  await running.stop()
  assert.deepEqual(familyOf(running.pid), [])
})

test('of a server that forks, the pid is that of the parent', async () => {
  const port = await onePort()
  const clustered = program(
    'clustered.mjs',
    `import cluster from 'node:cluster'
     if (cluster.isPrimary) { cluster.fork(); cluster.fork() } else await import(${JSON.stringify(server)})`,
  )
  const running = await launch(specFor(port, [node, clustered]))
  assert.equal(running.pid, running.groupPid)
  await running.stop()
  assert.deepEqual(familyOf(running.groupPid), [])
})

test('what ignores SIGTERM is killed', async () => {
  const port = await onePort()
  const stubborn = program('stubborn.mjs', `process.on('SIGTERM', () => {}); await import(${JSON.stringify(server)})`)
  const running = await launch(specFor(port, [node, stubborn], { stopTimeoutMs: 100 }))
  assert.equal((await running.stop()).signal, 'SIGKILL')
  assert.deepEqual(familyOf(running.groupPid), [])
})

test('a target that stops in order keeps its own exit code', async () => {
  const port = await onePort()
  const orderly = program(
    'orderly.mjs',
    `process.on('SIGTERM', () => { console.log('bye'); process.exit(7) }); await import(${JSON.stringify(server)})`,
  )
  const running = await launch(specFor(port, [node, orderly]))
  const exit = await running.stop()
  assert.deepEqual(
    { code: exit.code, signal: exit.signal, last: exit.outputTail.at(-1) },
    { code: 7, signal: null, last: 'bye' },
  )
})

test('a crash under load shows in exited', async () => {
  const port = await onePort()
  const crashing = program(
    'crashing.mjs',
    `import http from 'node:http'
     http.createServer((q, r) => { if (q.url === '/crash') throw new Error('boom'); r.end() }).listen(process.env.PORT, '127.0.0.1')`,
  )
  const running = await launch(specFor(port, [node, crashing]))
  await fetch(`http://127.0.0.1:${port}/crash`).catch(() => {})
  const exit = await running.exited
  assert.equal(exit.code, 1)
  assert.ok(exit.outputTail.some((line) => line.includes('Error: boom')))
  await running.stop()
})

test('an abort while it starts stops it and rejects with the reason', async () => {
  const port = await onePort()
  const never = program('never.mjs', `console.log(process.pid); setInterval(() => {}, 1000)`)
  const interrupt = new AbortController()
  const launching = launch(specFor(port, [node, never]), undefined, interrupt.signal)
  const pid = await until(() => readLog(port), 'the process')
  interrupt.abort(new Error('Ctrl-C'))
  await assert.rejects(launching, /Ctrl-C/)
  assert.deepEqual(familyOf(Number(pid)), [])
})

test('on two CPUs the target runs on those that it was given', { skip: process.platform !== 'linux' }, async () => {
  const port = await onePort()
  const telling = program(
    'telling.mjs',
    `import { readFileSync } from 'node:fs'
     console.log(/Cpus_allowed_list:\\s*(.*)/.exec(readFileSync('/proc/self/status', 'utf8'))[1])
     await import(${JSON.stringify(server)})`,
  )
  const running = await launch(specFor(port, [node, telling], { cpus: '0', cwd: folder }))
  await running.stop()
  assert.equal(running.outputTail()[0], '0')
})
