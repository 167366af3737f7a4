/** How often a version was given a name here: the list of versions looks again when it changes. */
export const named = $state({ times: 0 });
