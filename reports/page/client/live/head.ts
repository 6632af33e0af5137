import { formatDurationS } from '../../../format.ts'
import type { LiveCourse, LiveEnding, LiveState } from '../../../live/state.ts'
import { browser, part } from './browser.ts'

/** What runs, how far it is, and what came of it. */

export function showHead(state: LiveState): void {
  const { command, trial, stage, load, ending } = state
  part('trial').textContent = ending ? endingTitle(ending) : (trial?.title ?? 'Waiting for the first trial')
  const time = load ? `${Math.round(load.elapsedS)} of ${Math.round(load.durationS)} s` : ''
  part('stage').textContent = ending ? '' : [stage, time].filter(Boolean).join(', ')
  browser.document.title = ending ? `${ending.outcome}: ${command}` : `live: ${command}`
  if (ending) showEnding(ending)
}

/** @param sinceS how long ago that was told: time goes on where nothing is heard */
export function showCourse(course: LiveCourse | null, sinceS: number): void {
  part('course').hidden = course === null
  if (!course) return
  const leftS = Math.max(0, course.leftS - sinceS)
  const allS = course.spentS + course.leftS
  const share = allS > 0 ? Math.min(1, 1 - leftS / allS) : 0
  part('share').setAttribute('value', String(share))
  part('left').textContent =
    `${Math.floor(100 * share)}%, ${course.isLimit ? 'at most ' : ''}${formatDurationS(leftS)} left`
}

const endingTitle = ({ outcome }: LiveEnding): string => endings[outcome]

const endings = {
  finished: 'Finished',
  interrupted: 'Interrupted: what was finished is kept',
  failed: 'It ended without a result: the terminal says why',
}

function showEnding(ending: LiveEnding): void {
  part('course').hidden = true
  part('ending').hidden = ending.report === null && ending.verdicts === ''
  part('ending-title').textContent = 'What came of it'
  part('report').textContent = ending.report === null ? '' : `${endingTitle(ending)}: report at ${ending.report}`
  part('verdicts').textContent = ending.verdicts
  part('verdicts').hidden = ending.verdicts === ''
}

/** Screen readers hear of what matters and no more: another trial, the end, a connection that is lost. */
export function announcer(): (text: string) => void {
  let last = ''
  return (text) => {
    if (text !== last) part('announcement').textContent = text
    last = text
  }
}
