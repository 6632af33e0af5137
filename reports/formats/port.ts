import type { Run } from '../../harness/record/schema.ts'

/** A form in which runs are reported, made from their records alone. Its name is the ending of its files, too. */
export interface ReportFormat {
  /** One line of the help. */
  purpose: string
  /**
   * The report of one run, or of several together: then what became of each number from run to run.
   *
   * @param runs at least one, no two of the same id
   * @throws UserError where the `primary` of a scenario in a header cannot be read
   */
  render(runs: readonly Run[]): string | Promise<string>
}
