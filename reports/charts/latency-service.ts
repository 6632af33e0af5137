import { percentileChart } from './percentiles.ts'

export const latencyService = percentileChart({
  id: 'latency-service',
  question: 'How long did the server take, once it was asked?',
  help: 'The same, counted from when the request was handed to the socket. Lower is better; what lies between the two charts is waiting before the request could be sent.',
  kind: 'service',
})
