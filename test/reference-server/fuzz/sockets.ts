import { once } from 'node:events'
import { WebSocket } from 'ws'
import type { Dice } from './dice.ts'
import { judgeMessage } from './judge.ts'
import type { FuzzKeys } from './requests.ts'
import { anyBody, anyJson, anyText } from './values.ts'

const names = ['type', 'turn', 'content', 'id']

/** Frames that break the protocol (RFC 6455), as they come over the wire: the gateway may only close. */
const brokenFrames: readonly (readonly number[])[] = [
  [0x81, 0x02, 0x7b, 0x7d],
  [0x83, 0x80, 0, 0, 0, 0],
  [0xf1, 0x80, 0, 0, 0, 0],
  [0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
  [0x80, 0x81, 0, 0, 0, 0, 0x61],
  [0x89, 0xfe, 0x01, 0x00, 0, 0, 0, 0],
  [0x88, 0x82, 0, 0, 0, 0, 0x00, 0x01],
  [0x88, 0x81, 0, 0, 0, 0, 0x03],
  [0x81, 0x82, 0, 0, 0, 0, 0xc3, 0x28],
  [0x01, 0x81, 0, 0, 0, 0, 0x61],
]

const anyMessage = (dice: Dice): string | Buffer => {
  const kind = dice.below(12)
  if (kind === 0) return Buffer.from(anyText(dice))
  if (kind === 1) return anyText(dice)
  if (kind === 2) return anyJson(dice)
  return anyBody(dice, names)
}

const open = async (url: string, dice: Dice, { own }: FuzzKeys): Promise<WebSocket> => {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/sessions/${dice.oneOf(['s0', 's1'])}/ws?key=${own}`)
  socket.on('error', () => {})
  await once(socket, 'open')
  return socket
}

/** One connection with some hostile messages, which leaves while turns of it run, or breaks the protocol at the end. */
export const fuzzSocket = async (url: string, dice: Dice, keys: FuzzKeys, secrets: readonly string[]) => {
  const socket = await open(url, dice, keys)
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const messages = Array.from({ length: 1 + dice.below(6) }, () => anyMessage(dice))
  const asked = { text: messages.join('\n'), secrets }
  const failures: unknown[] = []
  socket.on('message', (data) => {
    try {
      judgeMessage(String(data), asked)
    } catch (error) {
      failures.push(error)
    }
  })
  for (const message of messages) socket.send(message)
  // What the gateway answers last shows that it got through all that came before.
  const answered = new Promise<void>((resolve) => socket.once('pong', () => resolve()))
  socket.ping()
  await Promise.race([answered, closed])
  leave(socket, dice)
  await closed
  if (failures.length > 0) throw failures[0]
}

const leave = (socket: WebSocket, dice: Dice): void => {
  const kind = dice.below(3)
  if (kind === 0) return void socket.terminate()
  if (kind === 1) return void socket.close()
  const { _socket: raw } = socket as unknown as { _socket: { write(bytes: Buffer): void } | null }
  raw?.write(Buffer.from(dice.oneOf(brokenFrames)))
  // Some of these are unfinished rather than wrong: the gateway waits for the rest.
  setTimeout(() => socket.terminate(), 200).unref()
}
