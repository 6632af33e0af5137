// --stage in place of options: one user for half a second.
// args: --stage 0s:1,500ms:1
import { sleep } from 'k6'

export default function () {
  console.log(`user ${__VU}`)
  sleep(0.8)
}
