/**
 * The folder of the file whose body runs now, or null for that of the script: what `open()` is relative to. k6 goes by
 * the file that is being initialised, not by the one that `open` is written in. One for the process is enough, since
 * module bodies run to their end without a break.
 */
export const initFolder: { current: string | null } = { current: null }
