import type { LiveEnding } from '../../../reports/live/state.ts'
import { UserError } from '../../errors.ts'
import type { Run } from '../../record/schema.ts'
import { tableOf } from '../run/outputs.ts'
import { shownPath } from '../words.ts'
import { LiveServer } from './server.ts'
import type { Pages } from './view.ts'

/** What the help of every command says that has the option. */
export const livePurpose = 'shows on a page of this machine what is being measured; its address is printed'

/** What a command tells at its end; null where nobody asked for pages. */
export type LivePages = (Pages & { ended(ending: LiveEnding): void }) | null

/** 0: any that is free. @throws UserError for what is no port */
export function livePort(text: string): number {
  if (text === '') return 0
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new UserError(
    `option --live: expected --live for a free port, or --live=PORT with a number up to 65535, found "${text}"`,
  )
}

/**
 * Does the work with a page beside it where one was asked for, and ends that with it.
 *
 * @param asked what stands behind `--live=`; undefined: nobody asked
 * @param command `weir run main`
 * @throws UserError for what is no port, or one that cannot be had
 */
export async function withLivePages<T>(
  asked: string | undefined,
  command: string,
  work: (pages: LivePages) => Promise<T>,
): Promise<T> {
  if (asked === undefined) return await work(null)
  const server = await LiveServer.open(command, livePort(asked))
  let ending: LiveEnding = { outcome: 'failed', report: null, verdicts: '' }
  console.error(`live: ${server.url}`)
  try {
    return await work({ tell: (update) => server.tell(update), ended: (how) => (ending = how) })
  } finally {
    server.tell({ ending })
    await server.close()
  }
}

/** What came of a run that has records. @param report where it was written */
export const endingOf = (run: Run, report: string | undefined, verdicts = tableOf(run, page)): LiveEnding => ({
  outcome: run.header.status === 'interrupted' ? 'interrupted' : 'finished',
  report: report === undefined ? null : shownPath(report),
  verdicts,
})

const page = { width: 80, color: false }
