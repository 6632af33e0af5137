import type { VirtualUser } from '../users/vu.ts'

/** Idle users, first in first out (as waiting users are served in k6), without moving an array at each shift. */
export class UserQueue {
  private items: (VirtualUser | undefined)[]
  private head = 0
  private size = 0

  constructor(capacity: number) {
    this.items = new Array(Math.max(16, capacity))
  }

  push(user: VirtualUser): void {
    if (this.size === this.items.length) this.unroll(this.items.length * 2)
    this.items[(this.head + this.size) % this.items.length] = user
    this.size++
  }

  shift(): VirtualUser | undefined {
    if (this.size === 0) return undefined
    const user = this.items[this.head]
    this.items[this.head] = undefined
    this.head = (this.head + 1) % this.items.length
    this.size--
    return user
  }

  private unroll(capacity: number): void {
    const grown: (VirtualUser | undefined)[] = new Array(capacity)
    for (let index = 0; index < this.size; index++) grown[index] = this.items[(this.head + index) % this.items.length]
    this.items = grown
    this.head = 0
  }
}
