import { overTime } from './over-time.ts'

export const errors = overTime({
  id: 'errors',
  question: 'When did requests fail?',
  help: 'Failures in each second; zero where a variant had none. Lower is better. While requests fail, the latency of the others proves little.',
  series: () => [
    { metric: 'http_req_failed', stat: 'rate' },
    { metric: 'dropped_iterations', stat: 'rate' },
  ],
  absentIsZero: true,
})
