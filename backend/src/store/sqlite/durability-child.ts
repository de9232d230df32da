import { befriend, newMessage, somebody } from '../contract/people.ts';
import { openSqliteStore } from './sqlite-store.ts';

/*
 * The process that the durability specs watch and kill:
 *   node durability-child.ts <directory> <writers> <posts each>
 * prints `conversation <id> <reader>`, then, at the moment of each acknowledgement, `ack <writer> <i> <seq>`.
 */
const [directory = '', writers = '1', posts = '1'] = process.argv.slice(2);

// Into a pipe, so it is out when the call returns (https://nodejs.org/api/process.html#a-note-on-process-io).
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const store = await openSqliteStore(directory);
const [ada, bob] = [await somebody(store), await somebody(store)];
const conversation = await befriend(store, ada, bob);
say(`conversation ${conversation} ${bob.id}`);

async function write(writer: number): Promise<void> {
  for (let i = 0; i < Number(posts); i++) {
    const message = newMessage(conversation, writer % 2 ? ada : bob, `${writer} ${i}`);
    const answer = await store.appendMessage(message);
    if (answer.kind === 'appended') say(`ack ${writer} ${i} ${answer.seq}`);
  }
}
await Promise.all(Array.from({ length: Number(writers) }, (_, writer) => write(writer)));
await store.close();
