import { overTime } from './over-time.ts'

export const errors = overTime({
  id: 'errors',
  question: 'When did requests fail?',
  help: 'Failures in each second, the mean over the usable trials: above zero where a single one had any. Lower is better. While requests fail, the latency of the others proves little.',
  series: ({ records }) => {
    const all = records.flatMap(({ series }) => series.map(({ metric }) => metric))
    const own = all.filter((metric) => metric.endsWith('_failed'))
    return [...new Set(['http_req_failed', ...own])].map((metric) => ({ metric, stat: 'rate' }))
  },
  isOccurrence: true,
  empty: 'Nothing failed in any usable trial.',
})
