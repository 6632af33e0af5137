import { overTime } from './over-time.ts'

export const sessions = overTime({
  id: 'sessions',
  question: 'How many sessions were open?',
  help: 'The load that was put on. The lines should be one line: where one departs, that variant was not given, or did not take, the same load.',
  series: () => [
    { metric: 'ws_sessions_open', stat: 'value' },
    { metric: 'vus', stat: 'value' },
  ],
})
