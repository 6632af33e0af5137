import type { GateResult } from './result.ts'

/** One way in which a gate's result is written to files. */
export interface Format {
  /** What reads it; one line of the help. */
  purpose: string
  /** What it may write beside the file that is asked for. */
  beside?(file: string): string[]
  /**
   * What to write, by path; most formats are one file. null: there is nothing to write, and what an earlier run left there
   * is not this one's. @param file as it was asked for
   */
  files(result: GateResult, file: string): Record<string, string | null>
}
