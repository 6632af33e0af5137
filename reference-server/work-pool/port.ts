import type { Work, WorkName } from './work.ts'

/** Threads for the work of tools that would hold up the event loop. */
export interface WorkPool {
  /**
   * Loads the code of all work before the first is asked for: in the threads, which start with that where they stay; in
   * this thread where none does.
   */
  loadAll(): Promise<void>
  /**
   * @param args what the work takes; it is copied to the thread
   * @throws ToolFailure as the work says it, or when it takes longer than 30 s, the time in the queue included
   * @throws the signal's reason when it aborts first; a thread that is at it is stopped
   */
  run<Name extends WorkName>(name: Name, args: Parameters<Work[Name]>[0], signal: AbortSignal): Promise<string>
  /** Pools made so far. */
  readonly poolsMade: number
  /** Stops all threads, work under way included. */
  close(): Promise<void>
}
