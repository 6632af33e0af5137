import { WebSocket } from 'ws'

/** What may wait in a connection's own buffer before it counts as one that does not keep up. */
const mostBufferedBytes = 16_384
/**
 * What may wait there before nothing more is read from the connection. Twice what a turn that was held back writes at
 * once, so that a slow reader can interrupt its turn yet; whoever sends without end and takes no answer stops here.
 */
const mostUnreadBytes = 262_144

/**
 * All that is said on one WebSocket, whichever of its turns says it: they share the connection's buffer, and what empties
 * it for one of them may be a message of another. So each message that leaves looks after all that waits. (Pongs are the
 * library's own; it closes a connection that does not take them.)
 */
export class SocketWriter {
  readonly #socket: WebSocket
  /** What goes on when the client keeps up again, in the order in which it was held back. */
  readonly #heldBack: (() => void)[] = []

  constructor(socket: WebSocket) {
    this.#socket = socket
  }

  /** Whether the client takes what it is sent. */
  get keepsUp(): boolean {
    return this.#holdsAtMost(mostBufferedBytes)
  }

  /** @param sent called when the message has left, or cannot any more */
  send(message: string, sent?: () => void): void {
    const left = sent
      ? () => {
          sent()
          this.#onLeft()
        }
      : this.#onLeft
    this.#socket.send(message, left)
    if (!this.#holdsAtMost(mostUnreadBytes)) this.#socket.pause()
  }

  /** Calls back once, when the client keeps up; to be asked while it does not. */
  whenKeptUp(resume: () => void): void {
    this.#heldBack.push(resume)
  }

  /** A message has left the buffer, or the connection is gone. One function for all messages: none is made for each. */
  readonly #onLeft = (): void => {
    if (this.#socket.isPaused && this.#holdsAtMost(mostUnreadBytes)) this.#socket.resume()
    // One after the other: what the first of them writes may be enough for the client.
    while (this.#heldBack.length > 0 && this.keepsUp) this.#heldBack.shift()!()
  }

  /** Of a connection that closes nobody reads what is left, and nothing is to be held back for it. */
  #holdsAtMost(bytes: number): boolean {
    return this.#socket.readyState !== WebSocket.OPEN || this.#socket.bufferedAmount <= bytes
  }
}
