import type { Chart } from './chart.ts'
import { againstConnections } from './connections.ts'

export const latencyByConnections: Chart = {
  id: 'connections-latency',
  question: 'What do more connections cost each of them?',
  help: 'The typical (p50) time of a request in a closed loop: median over blocks, with the smallest and the largest. Lower is better. Behind the knee it grows as the connections do.',
  prepare: (view, { name }) => {
    const drawn = againstConnections(view, name, ({ latency }) => latency[0]!.points)
    return drawn && { ...drawn, unit: 'ms', subject: 'HTTP service time, p50, against connections' }
  },
}
