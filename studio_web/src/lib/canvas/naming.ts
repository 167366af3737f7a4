/** In which field of a card its own name is: files are named by `name`, everything else by `title`. */
export const titleField = (type: string): 'name' | 'title' =>
	type === 'asset' || type === 'audio' ? 'name' : 'title';
