// K6_* variables in place of options.
// env: K6_ITERATIONS=3 K6_VUS=1
export const options = { iterations: 1 }

export default function () {
  console.log(`iteration ${__ITER}`)
}
