/**
 * What the person who runs the server can mend. The message is a sentence for them, which ends at their terminal; whatever
 * else is thrown is a defect, and is shown with its stack.
 */
export class OperatorError extends Error {
  override readonly name: string = 'OperatorError';
}

/** One of several known ones, for who handles them apart. */
export abstract class OperatorFault<Fault extends string> extends OperatorError {
  readonly fault: Fault;

  constructor(fault: Fault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** What is printed of an error that has ended a start or a command. */
export const printable = (error: unknown): unknown => (error instanceof OperatorError ? error.message : error);
