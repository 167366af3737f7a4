import type { Take } from '../api/types.ts';

/** What its pipeline warned of while it made a take, a sentence each. Pure. */
export function warningsOf(take: Take | undefined): string[] {
	// A take that an older studio told of has no facts.
	const facts: Take['facts'] | undefined = take?.facts;
	const told = facts?.warnings;
	return typeof told === 'string' ? told.split('\n').filter(Boolean) : [];
}
