import { percentileChart } from './percentiles.ts'

export const latencyIntended = percentileChart({
  id: 'latency-intended',
  question: 'How long did people wait?',
  help: 'At p99, 99 of 100 were answered within this time, counted from when they should have started. Lower is better; a line that bends up late has a long tail.',
  kind: 'intended',
})
