import { count } from './count.ts';

export const title = 'Clone this project';
export const text =
	'Work on the film with git and Git LFS on your own machine: cut it in your editing program, and push the edit list back.';
export const tokenTitle = 'A token for this project';
export const tokenText =
	'Git asks for a name and a password. Any name will do; the password is a token. This one is good for this project only, for 90 days, and can be ended on the page of people.';
export const readOnly = 'It may only read';
export const make = 'Make a token';
export const once = 'Shown once. Paste it when git asks for the password.';
export const copyToken = 'Copy the token';
export const tokenName = (project: string) => `Git: ${project}`.slice(0, 80);
export const scene = 'With the media of one scene';
export const sceneText = 'The whole history, which is small, and then only the media that you need.';
export const whole = 'With all media';
export const back = 'Give back what you made';
export const backText =
	'Edit lists go into 04_Project_Files/EDLs. A take is never changed; a push that tries is refused, and says why.';
export const copy = 'Copy';
/** Without accounts the one person of the studio is called You. */
const edit = (owner: string) => (owner === 'You' ? 'You are editing' : `${owner} is editing`);
export const editing = (owner: string) => `${edit(owner)} this`;
export const editsBoard = (owner: string) => `${edit(owner)} the canvas file`;
export const edits = (owner: string, n: number) =>
	n === 1 ? `${edit(owner)} a file` : `${count(n, 'file is', 'files are')} being edited`;
export const line = (owner: string, path: string) => `${owner}: ${path}`;
