// An exception in teardown, after all is done.
export default function () {
  console.log('ran')
}

export function teardown() {
  throw new Error('no teardown')
}
