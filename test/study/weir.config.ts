import { defineConfig } from '../../harness/config.ts'
import { type Condition, conditions, control, groups, scenarioOf, wantedBlocks } from './conditions.ts'

const server = ({ description, env }: Condition) => ({
  description,
  command: ['{node}', 'target/server.ts'],
  env: { ...env, PORT: '{port}' },
  ready: { http: '/ready' },
})

const all = [control, ...conditions]
const scenario = {
  description: 'A closed loop for 5 s, in slices',
  script: 'target/load.ts',
  slices: { length: '50ms' },
}
const ofEachGroup = <T>(value: (members: readonly string[]) => T): Record<string, T> =>
  Object.fromEntries(groups.map((members, at) => [scenarioOf(at + 1), value([control.name, ...members])]))

/**
 * The study's campaign: complete blocks of every condition once, in groups that are alive together and under load by turns, each
 * with a control, so that each block gives a pair of every condition with the control of its group.
 */
export default defineConfig({
  variants: Object.fromEntries(all.map((condition) => [condition.name, server(condition)])),
  warmup: { script: 'target/warm-up.ts' },
  scenarios: ofEachGroup(() => scenario),
  campaigns: {
    study: {
      question: 'What does a comparison find, and what does it find where nothing is?',
      variants: all.map(({ name }) => name),
      baseline: control.name,
      scenarios: groups.map((_, at) => scenarioOf(at + 1)),
      only: ofEachGroup((members) => [...members]),
      blocks: wantedBlocks,
    },
  },
})
