// The contexts that the asset build wrote, as a document loader that knows nothing else.
import {readFileSync} from 'node:fs';
import {join} from 'node:path';

export function contextsOf(folder) {
  const index = JSON.parse(readFileSync(join(folder, 'index.json')));
  const documents = new Map();
  for(const [url, name] of Object.entries(index)) {
    documents.set(url, JSON.parse(readFileSync(join(folder, name))));
  }
  return url => {
    if(!documents.has(url)) {
      throw new Error(`No such context: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: documents.get(url), tag: 'static'};
  };
}
