// An exception in a timer ends the iteration; the next one runs.
export const options = { iterations: 2 }

export default function () {
  setTimeout(() => {
    throw new Error(`in a timer ${__ITER}`)
  }, 10)
  setTimeout(() => console.log('not reached'), 100)
}
