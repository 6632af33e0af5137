// Exceptions of iterations: errors, texts, and what goes on after them.
export const options = { iterations: 4 }

export default function () {
  if (__ITER === 0) throw new Error('an error')
  if (__ITER === 1) throw new TypeError('a type error')
  if (__ITER === 2) absent()
  console.log('fine')
}
