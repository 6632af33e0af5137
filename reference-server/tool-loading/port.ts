import type { ToolName } from '../tools/declarations.ts'
import type { Tool } from '../tools/port.ts'
import type { WorkPool } from '../work-pool/port.ts'

/** Decides when the code of the tools is loaded, that of their threads included. */
export interface ToolLoading {
  /** @param work where the tools have their work done */
  open(work: Pick<WorkPool, 'loadAll'>): Promise<void>
  load(name: ToolName): Promise<Tool> | Tool
  /** Tools loaded so far. */
  readonly loaded: number
}
