import type { EndReason } from '#protocol/end-reason';
import type { CallId, ConversationId, MessageId } from '#protocol/ids';
import type { TestDevice } from './people.ts';
import type { TestClient } from './test-client.ts';
import { newId } from './new-id.ts';

/** What two contacts say to each other, each over a line that may be anywhere. */
export class Talk {
  /** The call they are in, or the next one. */
  callId = newId<CallId>();
  readonly conversationId: ConversationId;
  readonly #caller: TestDevice;
  readonly #callee: TestDevice;

  constructor(caller: TestDevice, callee: TestDevice, conversationId: ConversationId) {
    this.#caller = caller;
    this.#callee = callee;
    this.conversationId = conversationId;
  }

  /** What a frame about their call begins with. */
  to({ userId }: TestDevice) {
    return { receiverId: userId, callId: this.callId };
  }

  post(line: TestClient, data: string, id = newId<MessageId>()): void {
    line.say({ type: 'chat.post', counts: true, id, conversationId: this.conversationId, data });
  }

  /** Both have their seats when it resolves. */
  async active(callerLine: TestClient, calleeLine: TestClient): Promise<void> {
    callerLine.say({ type: 'call.invite', ...this.to(this.#callee), media: 'video' });
    await calleeLine.next('call.invited');
    calleeLine.say({ type: 'call.accept', ...this.to(this.#caller) });
    await callerLine.next('call.accepted');
  }

  /** Who called hangs up; answers with what the other one reads. */
  async hungUp(callerLine: TestClient, calleeLine: TestClient): Promise<EndReason> {
    callerLine.say({ type: 'call.hangup', ...this.to(this.#callee) });
    return (await calleeLine.next('call.ended')).reason;
  }

  /** What one seat tells the other arrives as it was said. */
  async offered(callerLine: TestClient, calleeLine: TestClient, data: string): Promise<void> {
    callerLine.say({ type: 'call.offer', ...this.to(this.#callee), link: 1, data });
    expect((await calleeLine.next('call.offer')).data).toBe(data);
  }
}
