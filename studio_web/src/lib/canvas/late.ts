export { fetchFailed } from '../feedback/late.ts';
