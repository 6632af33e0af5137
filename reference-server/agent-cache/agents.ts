import type { Agent, AgentCache } from './port.ts'

/** Where agents are kept: a map, or something that looks like one and forgets. */
export interface Kept {
  get(name: string): Agent | undefined
  set(name: string, agent: Agent): unknown
  readonly size: number
}

/** Looks agents up, makes those that are missing, and counts both. What is kept, and for how long, is `kept`'s. */
export class Agents implements AgentCache {
  readonly #kept: Kept
  readonly #make: (name: string) => Promise<Agent>
  readonly #making = new Map<string, Promise<Agent>>()
  #hits = 0
  #misses = 0

  constructor(kept: Kept, make: (name: string) => Promise<Agent>) {
    this.#kept = kept
    this.#make = make
  }

  get size(): number {
    return this.#kept.size
  }

  get hits(): number {
    return this.#hits
  }

  get misses(): number {
    return this.#misses
  }

  agentOf(name: string): Promise<Agent> | Agent {
    const present = this.#kept.get(name)
    if (present) {
      this.#hits += 1
      return present
    }
    this.#misses += 1
    return this.#making.get(name) ?? this.#beginMaking(name)
  }

  #beginMaking(name: string): Promise<Agent> {
    const making = this.#makeAndKeep(name).finally(() => this.#making.delete(name))
    this.#making.set(name, making)
    return making
  }

  async #makeAndKeep(name: string): Promise<Agent> {
    const agent = await this.#make(name)
    this.#kept.set(name, agent)
    return agent
  }
}
