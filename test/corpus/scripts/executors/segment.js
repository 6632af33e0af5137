// The second half of the work of a test.
// args: --execution-segment 1/2:1 --execution-segment-sequence 0,1/2,1
// order: none
import exec from 'k6/execution'

export const options = {
  scenarios: {
    part: { executor: 'shared-iterations', vus: 4, iterations: 9 },
    each: { executor: 'per-vu-iterations', vus: 4, iterations: 1 },
  },
}

export default function () {
  if (exec.scenario.name === 'part') console.log(`iteration ${exec.scenario.iterationInTest}`)
  else console.log('a user')
}
