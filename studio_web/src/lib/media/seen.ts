/** Pictures that were on screen once: they stand there at once when their card comes into sight again. */
export const seen = new Set<string>();
