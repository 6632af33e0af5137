import type { ToolName } from '../tools/declarations.ts'
import type { Tool } from '../tools/port.ts'
import { toolTable } from '../tools/table.ts'
import type { WorkPool } from '../work-pool/port.ts'
import type { ToolLoading } from './port.ts'

/** Loads every tool at the start, and the code of its work wherever the pool keeps that. */
class EagerToolLoading implements ToolLoading {
  readonly #table: typeof toolTable
  readonly #tools = new Map<ToolName, Tool>()

  constructor(table: typeof toolTable) {
    this.#table = table
  }

  get loaded(): number {
    return this.#tools.size
  }

  async open(work: Pick<WorkPool, 'loadAll'>): Promise<void> {
    const names = Object.keys(this.#table) as ToolName[]
    const loading = names.map(async (name) => this.#tools.set(name, await this.#table[name]()))
    await Promise.all([...loading, work.loadAll()])
  }

  load(name: ToolName): Tool {
    const tool = this.#tools.get(name)
    if (!tool) throw new Error(`tool ${name} is asked for before the tools were opened`)
    return tool
  }
}

export const eagerToolLoading = (table = toolTable): ToolLoading => new EagerToolLoading(table)
