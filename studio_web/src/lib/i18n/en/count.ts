/** `1 shot`, `2 shots`, `1,204 takes`. */
export const count = (n: number, one: string, many: string): string =>
	`${n.toLocaleString('en')} ${n === 1 ? one : many}`;
