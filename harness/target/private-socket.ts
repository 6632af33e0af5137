import { rmSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { atDeath } from './leftovers.ts'

export interface PrivateSocket {
  path: string
  /** Hangs up on everybody. Can be called twice. */
  close(): Promise<void>
}

/** sun_path holds 108 bytes on Linux, 104 on macOS, the zero at the end included. */
const longestSocketPath = 103

/** A process that is stopped or stuck does not hang up by itself. */
const hangUpMs = 1000

/**
 * Listens on a fresh Unix socket in a folder that only this user may enter.
 *
 * @param name of the socket's file, of at most five letters: it counts towards the length that a path may have
 */
export async function listenPrivately(name: string, receive: (socket: Socket) => void): Promise<PrivateSocket> {
  const folder = await socketFolder()
  const path = join(folder, name)
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    receive(socket)
  })
  await listen(server, path)
  const release = atDeath(() => rmSync(folder, { recursive: true, force: true }))
  const close = async () => {
    release()
    // The file goes first: a probe that loses its receiver while the file is there takes the harness for killed.
    await rm(folder, { recursive: true, force: true })
    await closeAll(server, sockets)
  }
  let closing: Promise<void> | undefined
  return { path, close: () => (closing ??= close()) }
}

function closeAll(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.end()
  return new Promise((resolve) => {
    const impatience = setTimeout(() => sockets.forEach((socket) => void socket.destroy()), hangUpMs)
    server.close(() => {
      clearTimeout(impatience)
      resolve()
    })
  })
}

async function socketFolder(): Promise<string> {
  const prefix = 'weir-'
  const base = join(tmpdir(), `${prefix}XXXXXX`, 'probe').length <= longestSocketPath ? tmpdir() : '/tmp'
  return mkdtemp(join(base, prefix))
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
