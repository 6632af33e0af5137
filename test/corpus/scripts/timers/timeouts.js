// setTimeout and setInterval keep the iteration alive; their order; clearing them.
import { clearInterval, clearTimeout, setInterval, setTimeout } from 'k6/timers'

export const options = { iterations: 2 }

export default function () {
  let ticks = 0
  setTimeout(() => console.log('later'), 120)
  setTimeout((a, b) => console.log('sooner', a, b), 20, 'one', 2)
  const never = setTimeout(() => console.log('never'), 50)
  clearTimeout(never)
  const interval = setInterval(() => {
    console.log(`tick ${++ticks}`)
    if (ticks === 2) clearInterval(interval)
  }, 45)
  Promise.resolve().then(() => console.log('job'))
  console.log('end of the function')
}
