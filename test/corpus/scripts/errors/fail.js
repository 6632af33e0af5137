// fail ends the iteration with a message, and can be caught.
import { fail } from 'k6'

export const options = { iterations: 2 }

export default function () {
  try {
    fail('first')
  } catch (error) {
    console.log(`caught ${error}`)
  }
  fail('second')
}
