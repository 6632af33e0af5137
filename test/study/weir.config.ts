import { defineConfig } from '../../harness/config.ts'
import { type Condition, conditions, control } from './conditions.ts'

const server = ({ description, env }: Condition) => ({
  description,
  command: ['{node}', 'target/server.ts'],
  env: { ...env, PORT: '{port}' },
  ready: { http: '/ready' },
})

const all = [control, ...conditions]

/**
 * The study's campaign: complete blocks of every condition once, all of them alive and under load by turns, so that each block
 * gives a pair of each with the control.
 */
export default defineConfig({
  variants: Object.fromEntries(all.map((condition) => [condition.name, server(condition)])),
  warmup: { script: 'target/warm-up.ts' },
  scenarios: {
    requests: { description: 'A closed loop for 5 s, in slices', script: 'target/load.ts', slices: { length: '50ms' } },
  },
  campaigns: {
    study: {
      question: 'What does a comparison find, and what does it find where nothing is?',
      variants: all.map(({ name }) => name),
      baseline: control.name,
      scenarios: ['requests'],
      blocks: 100,
    },
  },
})
