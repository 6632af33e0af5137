// An import that is not there.
import { helper } from './absent.js'

export default function () {
  helper()
}
