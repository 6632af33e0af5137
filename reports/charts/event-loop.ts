import { overTime } from './over-time.ts'

export const eventLoop = overTime({
  id: 'event-loop-delay',
  question: 'Was the server’s event loop held up?',
  help: 'How late the loop came round in each second. Lower is better; while it is late, every session waits.',
  series: () => [
    { metric: 'target_event_loop_delay', stat: 'p(99)' },
    { metric: 'target_event_loop_delay', stat: 'max' },
  ],
})
