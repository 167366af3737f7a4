/** Webhooks: the dialog in which a project's are set. */

export const title = 'Webhooks';
export const text =
	'Addresses outside that are told what happens in this project: a chat, a tracker, a program of your own. Each message is signed.';
export const none = 'Nobody outside is told anything yet.';
export const address = 'Address';
export const addressHint =
	'https://…, one of the internet; others only where the studio’s settings allow them';
export const what = 'What is told';
export const everything = 'Everything';
export const kinds: Readonly<Record<string, string>> = {
	'take.landed': 'A take has landed',
	'job.failed': 'A job has failed',
	'run.finished': 'A run has finished',
	'film.rendered': 'A film was rendered',
	test: 'A test'
};
export const add = 'Add webhook';
export const secretOf = (url: string) => `The secret of ${url}`;
export const secretText =
	'Whoever is told checks the signature with it (Standard Webhooks, HMAC-SHA256). It is shown only now.';
export const copySecret = 'Copy the secret';
export const test = 'Send a test';
export const remove = 'Remove';
export const removeOf = (host: string) => `Remove ${host}`;
export const testOf = (host: string) => `Send a test to ${host}`;
export const onOf = (host: string) => `Tell ${host}`;
export const ofStudio = 'From the studio’s settings';
export const last = 'Last deliveries';
export const noneSent = 'Nothing was sent yet.';
export const waits = 'on its way';
export const again = (when: string, tries: number) => `tried ${tries} ×, again ${when}`;
export const gaveUp = (tries: number) => `given up after ${tries} tries`;
