import { overTime } from './over-time.ts'

export const errors = overTime({
  id: 'errors',
  question: 'When did requests fail?',
  help: 'Failures in each second, the mean over the usable trials: above zero where a single one had any. Lower is better. While requests fail, the latency of the others proves little.',
  series: () => [{ metric: 'http_req_failed', stat: 'rate' }],
  isOccurrence: true,
})
