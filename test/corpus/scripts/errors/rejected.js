// A rejected async function ends its iteration.
export const options = { iterations: 2 }

export default async function () {
  await Promise.resolve()
  throw new Error(`rejected ${__ITER}`)
}
