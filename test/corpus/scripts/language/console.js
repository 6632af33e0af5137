// What console writes, by level and kind of value.
export default function () {
  console.log('text', 1, true, null, undefined)
  console.info({ a: 1, b: [1, 2] })
  console.log([1, 'two', { three: 3 }])
  console.error('an error')
  console.warn('script warns')
  console.debug('debug')
  console.log(new Error('as a value'))
  console.log('%s is %d', 'x', 5)
  console.log()
  console.log('two\nlines')
}
