import type { ToolName } from '../tools/declarations.ts'
import type { Tool } from '../tools/port.ts'

/** Decides when the code of the tools is loaded. */
export interface ToolLoading {
  open(): Promise<void>
  load(name: ToolName): Promise<Tool> | Tool
  /** Tools loaded so far. */
  readonly loaded: number
}
