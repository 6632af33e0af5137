import type { Eventual } from '../state/port.ts'
import type { ToolHost } from '../tool-host/port.ts'
import type { WorkPool } from '../work-pool/port.ts'

/** One call of a tool, as the model asked for it. */
export interface ToolCall {
  id: string
  name: string
  /** JSON, as the model wrote it. */
  arguments: string
}

/** The tools that the gateway runs itself. Every other name is a tool of the client's. */
export interface Tools {
  /** Loads what is loaded at the start, if anything. */
  open(): Promise<void>
  has(name: string): boolean
  /**
   * What the model is shown as the result, at most 20,000 characters. A tool that fails, is called wrongly or does not
   * exist gives a text that says so, since the model can do something about it.
   * @throws the signal's reason when it aborts first; the tool's work is then stopped
   */
  run(call: ToolCall, signal: AbortSignal): Promise<string>
  /** Calls under way. */
  readonly running: number
  /** Calls ever begun. */
  readonly calls: number
  /** Tools whose code is loaded. */
  readonly loaded: number
  /** Pools of threads ever made for them, and connections to the host of HTTP tools. */
  readonly workPoolsMade: number
  readonly hostConnectionsMade: number
  /** Closes what the tools work with, too. */
  close(): Promise<void>
}

/** What a tool works with. */
export interface ToolHelp {
  /** For all that would hold up the event loop. */
  work: WorkPool
  host: ToolHost
  signal: AbortSignal
}

/** A tool: the one export of a file in implementations/. */
export interface Tool {
  /**
   * @param args as the tool's declaration has them; `never` here, since each tool names its own
   * @returns what the model is shown
   * @throws ToolFailure for what the model should know and put right
   */
  run(args: never, help: ToolHelp): Eventual<string>
}
