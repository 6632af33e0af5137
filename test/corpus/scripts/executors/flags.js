// Flags in place of options: they win.
// args: --vus 2 --iterations 4
// order: none
export const options = { vus: 5, duration: '1h' }

export default function () {
  console.log('ran')
}
