/** One subcommand: arguments in, calls, what is printed; the exit code out. */
export interface Command {
  /** `<script> [options]` */
  synopsis: string
  purpose: string
  /** Options, one a line. */
  help: string
  /** @param signal aborted by the first Ctrl-C: what was started is to be stopped, what was measured to be kept */
  run(args: string[], signal: AbortSignal): Promise<number>
}
