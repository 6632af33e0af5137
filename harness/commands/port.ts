/** One subcommand: arguments in, calls, what is printed; the exit code out. */
export interface Command {
  /** `<script> [options]` */
  synopsis: string
  purpose: string
  /** Options, one a line. */
  help: string
  run(args: string[]): Promise<number>
}
