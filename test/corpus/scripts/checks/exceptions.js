// A check that throws ends the iteration, and counts as failed.
import { check } from 'k6'

export const options = { iterations: 2 }

export default function () {
  check(null, {
    before: () => true,
    throws: () => {
      throw new Error('in a check')
    },
    after: () => true,
  })
  console.log('not reached')
}
