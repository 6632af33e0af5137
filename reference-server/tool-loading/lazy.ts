import type { ToolName } from '../tools/declarations.ts'
import type { Tool } from '../tools/port.ts'
import { toolTable } from '../tools/table.ts'
import type { ToolLoading } from './port.ts'

/** Loads a tool when it is first called, and keeps it. */
class LazyToolLoading implements ToolLoading {
  readonly #table: typeof toolTable
  readonly #tools = new Map<ToolName, Tool>()

  constructor(table: typeof toolTable) {
    this.#table = table
  }

  get loaded(): number {
    return this.#tools.size
  }

  async open(): Promise<void> {}

  load(name: ToolName): Promise<Tool> | Tool {
    return this.#tools.get(name) ?? this.#import(name)
  }

  /** Calls at once are given one and the same module by the runtime. */
  async #import(name: ToolName): Promise<Tool> {
    const tool = await this.#table[name]()
    this.#tools.set(name, tool)
    return tool
  }
}

export const lazyToolLoading = (table = toolTable): ToolLoading => new LazyToolLoading(table)
