import { overTime } from './over-time.ts'

export const throughput = overTime({
  id: 'throughput',
  question: 'How much work was done each second?',
  help: 'Where the load is paced, all variants should lie on one line: one below it does not keep up. Where the load has no pace, higher is better.',
  series: () => [
    { metric: 'throughput', stat: 'value' },
    { metric: 'iterations', stat: 'rate' },
    { metric: 'http_reqs', stat: 'rate' },
    { metric: 'ws_msgs_received', stat: 'rate' },
  ],
})
