// --no-setup and --no-teardown.
// args: --no-setup --no-teardown
export function setup() {
  console.log('never')
}

export default function (data) {
  console.log(typeof data)
}

export function teardown() {
  console.log('never')
}
