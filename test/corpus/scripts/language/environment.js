// __ENV, __VU, __ITER, globals, and what is not there.
// args: -e NAME=value -e EMPTY=
// env: FROM_SYSTEM=yes
export const options = { iterations: 2 }

export default function () {
  console.log(__ENV.NAME, JSON.stringify(__ENV.EMPTY), __ENV.FROM_SYSTEM, __ENV.ABSENT, __VU, __ITER)
  __ENV.CHANGED = `${__ITER}`
  globalThis.counter = (globalThis.counter ?? 0) + 1
  console.log(
    globalThis.counter,
    typeof process,
    typeof Buffer,
    typeof window,
    typeof fetch,
    typeof setTimeout,
    typeof URL,
    typeof structuredClone,
    typeof queueMicrotask,
  )
}
