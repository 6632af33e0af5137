import type { AddressInfo, Server } from 'node:net'
import { listenError } from '../errors.ts'

const backlog = 4_096

/**
 * Begins to listen. @returns the port
 * @throws StartError naming the option, where the port cannot be had
 */
export const listen = (server: Server, host: string, port: number, option: string): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (error) => reject(listenError(error, host, port, option)))
    server.listen({ host, port, backlog }, () => resolve((server.address() as AddressInfo).port))
  })
