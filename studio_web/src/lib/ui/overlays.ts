/** Where menus and dialogs open: the layout's own place inside `<main>`, or the body where there is no layout. */
export const overlays = (): HTMLElement => document.getElementById('overlays') ?? document.body;
