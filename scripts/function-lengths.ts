import ts from 'typescript';
import type { SourceFile } from './source-files.ts';

/** How long a function is, with its signature and without its comment. */
export interface Shape {
  /** `path:line name` */
  readonly where: string;
  readonly lines: number;
  /** Whether it has a name of its own: declarations, methods and what is assigned to a name, not callbacks. */
  readonly isNamed: boolean;
}

/** @returns every function with a body, nested ones included */
export function functionsOf({ path, text }: SourceFile): Shape[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const shapes: Shape[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) shapes.push(shapeOf(node, path, tree));
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return shapes;
}

function shapeOf(node: ts.SignatureDeclaration, path: string, tree: ts.SourceFile): Shape {
  const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
  const last = tree.getLineAndCharacterOfPosition(node.getEnd()).line;
  const name = nameOf(node);
  return { where: `${path}:${first + 1} ${name ?? 'callback'}`, lines: last - first + 1, isNamed: name !== undefined };
}

function nameOf(node: ts.SignatureDeclaration): string | undefined {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  const isAssigned =
    ts.isVariableDeclaration(parent) || ts.isPropertyDeclaration(parent) || ts.isPropertyAssignment(parent);
  return isAssigned ? parent.name.getText() : undefined;
}
