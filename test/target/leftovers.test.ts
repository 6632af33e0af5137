import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { test } from 'node:test'
import { freePorts } from '../../harness/target/ports.ts'
import { familyOf } from '../../harness/target/process-tree.ts'
import { logOf, program, server, specFor, until } from './programs.ts'

const launchUrl = new URL('../../harness/target/launch.ts', import.meta.url)
const receiverUrl = new URL('../../harness/target/probe-receiver.ts', import.meta.url)

/** A harness in a process of its own, that launches a server behind a shell with the probe in it and then goes on as told. */
async function harness(goesOn: string) {
  const [port] = await freePorts(1)
  const spec = specFor(port!, ['sh', '-c', `${process.execPath} ${server} & wait`], { probe: true })
  const file = program(
    `harness-${port}.mjs`,
    `import { launch } from ${JSON.stringify(launchUrl)}
     import { openProbeReceiver } from ${JSON.stringify(receiverUrl)}
     const receiver = await openProbeReceiver()
     const running = await launch(${JSON.stringify(spec)}, receiver)
     console.log(running.groupPid + ' ' + receiver.socketPath)
     ${goesOn}`,
  )
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'ignore'] })
  const exited = once(child, 'exit')
  const [line] = await once(child.stdout, 'data')
  const [root, socketPath] = String(line).trim().split(' ')
  return { child, root: Number(root), socketPath: socketPath!, exited, log: () => logOf(port!) }
}

const stays = `setInterval(() => {}, 1000)`

const ends = [
  { title: 'throws', goesOn: `throw new Error('boom')`, ends: [1, null] },
  { title: 'calls process.exit', goesOn: `process.exit(5)`, ends: [5, null] },
  { title: 'is ended by SIGTERM', goesOn: stays, signal: 'SIGTERM', ends: [null, 'SIGTERM'] },
  { title: 'is ended by Ctrl-C', goesOn: stays, signal: 'SIGINT', ends: [null, 'SIGINT'] },
] as const

for (const { title, goesOn, ends: expected, ...rest } of ends) {
  test(`a harness that ${title} leaves no process and no socket behind`, async () => {
    const { child, root, socketPath, exited } = await harness(goesOn)
    if ('signal' in rest) child.kill(rest.signal)
    assert.deepEqual(await exited, expected)
    await until(() => familyOf(root).length === 0, 'the end of the family')
    assert.equal(existsSync(dirname(socketPath)), false)
  })
}

test('a harness that handles a signal itself keeps its target until it stops it', async () => {
  const { child, exited, root } = await harness(
    `process.on('SIGINT', async () => { console.log((await running.stop()).code); process.exit(105) })
     ${stays}`,
  )
  child.kill('SIGINT')
  const [said] = await once(child.stdout!, 'data')
  assert.match(String(said), /^(null|\d+)\n$/)
  assert.deepEqual(await exited, [105, null])
  assert.deepEqual(familyOf(root), [])
})

test('when the harness is killed the hard way, the probe ends the target and says so in its log', async () => {
  const { child, root, socketPath, exited, log } = await harness(stays)
  await until(() => familyOf(root).length >= 2, 'the server')
  child.kill('SIGKILL')
  await exited
  await until(() => familyOf(root).length === 0, 'the end of the family')
  assert.match(log(), /weir probe: the harness has vanished; ending this process/)
  rmSync(dirname(socketPath), { recursive: true })
})
