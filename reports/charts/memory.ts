import { overTime } from './over-time.ts'

export const memory = overTime({
  id: 'memory',
  question: 'How much memory did the server hold?',
  help: 'Resident memory of the process as the system sees it. Lower is better; a line that keeps rising while the sessions do not is a leak.',
  series: () => [{ metric: 'target_rss', stat: 'value' }],
})

export const heap = overTime({
  id: 'heap',
  question: 'How much of it was JavaScript heap?',
  help: 'Heap in use. A saw-tooth is normal, each fall a collection; what counts is the level of the low points. Lower is better.',
  series: () => [{ metric: 'target_heap_used', stat: 'value' }],
})
