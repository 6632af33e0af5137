// randomSeed makes Math.random repeat itself.
import { randomSeed } from 'k6'

export default function () {
  randomSeed(42)
  const first = [Math.random(), Math.random()]
  randomSeed(42)
  console.log(
    first.every((value) => value >= 0 && value < 1),
    [Math.random(), Math.random()].join() === first.join(),
  )
}
