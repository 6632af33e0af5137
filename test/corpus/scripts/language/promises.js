// Order of jobs and async functions.
const step = async (name) => {
  console.log(`${name} 1`)
  await null
  console.log(`${name} 2`)
}

export default async function () {
  setTimeout(() => console.log('timer'), 0)
  const both = Promise.all([step('a'), step('b')])
  Promise.resolve().then(() => console.log('then'))
  console.log('sync')
  await both
  console.log('end')
  const settled = await Promise.allSettled([Promise.reject(new Error('no')), Promise.resolve(1)])
  console.log(settled.map(({ status }) => status).join())
}
