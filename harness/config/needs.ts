import { z } from 'zod'

/** Something of the machine that a trial cannot do without. Where it is missing, the trials that need it are left out. */
export const need = z.union([
  z.strictObject({
    /** Programs, all of them, in PATH or in one of the folders of `in`. */
    executable: z.array(z.string()).min(1),
    /** Further folders to look in; `*` stands for any name: `/usr/lib/postgresql/*\/bin`. */
    in: z.array(z.string()).default([]),
    /** How to get it, said where it is missing. */
    advice: z.string().default(''),
  }),
  z.strictObject({
    /** So many cores, at least. */
    cores: z.number().int().min(1),
    advice: z.string().default(''),
  }),
])
