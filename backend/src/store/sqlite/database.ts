import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite';

export type Row = Record<string, SQLOutputValue>;
type Sql = TemplateStringsArray;

/**
 * One connection. SQL is written as a template: what stands in `${}` is bound, never spliced, and each place in the
 * code is one prepared statement, made at its first use and kept.
 */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<Sql, StatementSync>();

  /** Throws what `node:sqlite` throws. A busy database is waited for `timeoutMs`. */
  constructor(file: string, options: { readOnly?: boolean; timeoutMs?: number } = {}) {
    this.#connection = new DatabaseSync(file, { readOnly: options.readOnly ?? false, timeout: options.timeoutMs ?? 0 });
  }

  get(sql: Sql, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  all(sql: Sql, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  /** Row by row, so that no more than one is in memory; the same place in the code must not be asked anew meanwhile. */
  each(sql: Sql, ...values: SQLInputValue[]): Iterable<Row> {
    return this.#statement(sql).iterate(...values);
  }

  /** Answers with the number of rows that were changed. */
  run(sql: Sql, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  /** Whether there is such a row. */
  has(sql: Sql, ...values: SQLInputValue[]): boolean {
    return this.get(sql, ...values) !== undefined;
  }

  /** Statements without parameters, of this program's own text. */
  exec(statements: string): void {
    this.#connection.exec(statements);
  }

  /** A pure function that statements can call by this name. */
  define(name: string, compute: (...values: SQLOutputValue[]) => SQLInputValue): void {
    this.#connection.function(name, { deterministic: true, varargs: true }, compute);
  }

  pragma(name: string): SQLOutputValue | undefined {
    return Object.values(this.#connection.prepare(`PRAGMA ${name}`).get() ?? {})[0];
  }

  /** What happens in `action` happens whole or not at all; nothing else sees it before the end. */
  transaction<T>(mode: 'read' | 'write', action: () => T): T {
    if (mode === 'read') this.run`BEGIN`;
    else this.run`BEGIN IMMEDIATE`;
    try {
      const result = action();
      this.run`COMMIT`;
      return result;
    } catch (error) {
      // A full disk ends the transaction by itself.
      if (this.inTransaction) this.run`ROLLBACK`;
      throw error;
    }
  }

  /** Inside a transaction: what `action` wrote goes if it throws, and nothing else does. */
  savepoint<T>(action: () => T): T {
    this.run`SAVEPOINT verb`;
    try {
      const result = action();
      this.run`RELEASE verb`;
      return result;
    } catch (error) {
      if (this.inTransaction) {
        this.run`ROLLBACK TO verb`;
        this.run`RELEASE verb`;
      }
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#connection.isTransaction;
  }

  close(): void {
    this.#connection.close();
  }

  #statement(sql: Sql): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql.join('?'));
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** The extended result code (https://sqlite.org/rescode.html) of an error of `node:sqlite`, or null of any other. */
export const sqliteCode = (error: unknown): number | null =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null;

/** SQLITE_CONSTRAINT_PRIMARYKEY and SQLITE_CONSTRAINT_UNIQUE: the key has an owner already. */
export const isTaken = (error: unknown): boolean => [1555, 2067].includes(sqliteCode(error) ?? 0);

/** SQLITE_CONSTRAINT, of any kind. */
export const isRefused = (error: unknown): boolean => ((sqliteCode(error) ?? 0) & 0xff) === 19;
