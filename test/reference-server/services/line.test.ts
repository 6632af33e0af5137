import assert from 'node:assert/strict'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { it } from 'node:test'
import { start } from '../support/processes.ts'

/** What a new connection to the line gives back for a word; null where it is cut. */
const say = async (port: number, word: string): Promise<string | null> => {
  const socket = connect(port, '127.0.0.1')
  socket.write(word)
  const heard = once(socket, 'data').then(([bytes]) => String(bytes))
  heard.catch(() => {})
  const cut = new Promise<null>((resolve) => socket.on('error', () => resolve(null)).once('close', () => resolve(null)))
  const answer = await Promise.race([heard.catch(() => null), cut])
  socket.destroy()
  return answer
}

it('The line to a back end carries everything until it is cut, and again when it is mended', async (t) => {
  const backEnd = createServer((socket) => socket.on('error', () => {}).pipe(socket))
  await new Promise<void>((resolve) => backEnd.listen(0, '127.0.0.1', resolve))
  t.after(() => backEnd.close())
  const to = (backEnd.address() as AddressInfo).port
  const line = start('services/line.ts', ['--port', '0', '--line-port', '0', '--to', `${to}`], {})
  t.after(() => line.stop())
  const [, port, control] = /on 127\.0\.0\.1:(\d+), told what to do at (\S+)/.exec(await line.listening) ?? []
  const tell = async (order: string) => (await fetch(`${control}/${order}`, { method: 'POST' })).json()

  assert.equal(await say(Number(port), 'before'), 'before')
  const open: Socket = connect(Number(port), '127.0.0.1')
  open.write('hello')
  await once(open, 'data')
  const cut = new Promise((resolve) => open.on('error', () => {}).once('close', resolve))
  assert.deepEqual(await tell('break'), { broken: true })
  await cut
  assert.equal(await say(Number(port), 'meanwhile'), null)
  assert.deepEqual(await tell('mend'), { broken: false })
  assert.equal(await say(Number(port), 'after'), 'after')
  assert.equal((await line.stop()).code, 0)
})
