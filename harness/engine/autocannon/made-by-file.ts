import { messageOf, UserError } from '../../errors.ts'
import { exitCodes } from '../../exit-codes.ts'

/**
 * What a function of the file gives.
 *
 * @param where the file and the call, for messages
 * @throws UserError for what it throws: a fault of the file, and none of the server
 */
export function called<T>(make: () => T, where: string): T {
  try {
    return make()
  } catch (error) {
    throw new UserError(`${where}: ${messageOf(error)}`, exitCodes.scriptException)
  }
}

/** The function of the file that makes a body, such that it makes a text or throws a UserError. */
export const textMaker =
  (make: (nth: number) => unknown, file: string) =>
  (nth: number): string => {
    const where = `${file}: body(${nth})`
    const made = called(() => make(nth), where)
    if (typeof made === 'string') return made
    const found = made === null ? 'null' : typeof made
    throw new UserError(`${where}: expected a text, found ${found}`, exitCodes.scriptException)
  }
