// sleep holds up the timers of its user, as in k6.
import { sleep } from 'k6'

export default function () {
  setTimeout(() => console.log('timer'), 10)
  sleep(0.1)
  console.log('slept')
  sleep(0)
  sleep('0.01')
  const before = Date.now()
  sleep(0.2)
  console.log(Date.now() - before >= 200)
}
