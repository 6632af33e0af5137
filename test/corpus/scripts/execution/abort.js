// exec.test.abort ends the test with its own exit code; teardown still runs.
import exec from 'k6/execution'

export const options = { iterations: 5 }

export default function () {
  console.log(`iteration ${__ITER}`)
  if (__ITER === 1) exec.test.abort('enough')
  console.log('goes on')
}

export function teardown() {
  console.log('teardown')
}
