// exec.test.fail marks the test and lets it go on.
import exec from 'k6/execution'

export const options = { iterations: 2 }

export default function () {
  if (__ITER === 0) exec.test.fail('not good')
  console.log(`iteration ${__ITER}`)
}
