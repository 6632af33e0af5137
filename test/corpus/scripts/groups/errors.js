// An exception passes through the group; names and functions that group refuses.
import { group } from 'k6'

const attempt = (action) => {
  try {
    action()
  } catch (error) {
    console.log(`${error.message ?? error}`.split('\n')[0])
  }
}

export default function () {
  attempt(() =>
    group('throws', () => {
      throw new Error('inside')
    }),
  )
  attempt(() => group('a::b', () => {}))
  attempt(() => group('no function'))
  group('after', () => console.log('after'))
}
