import ts from 'typescript';

const verbs: ReadonlySet<string> = new Set(['Get', 'Post', 'Put', 'Patch', 'Delete']);

/** A method that answers requests. */
export interface AnsweringMethod {
  /** As in the API document: `Quest_complete`. */
  readonly id: string;
  readonly declaration: ts.MethodDeclaration;
}

export function answeringMethods(file: ts.SourceFile): AnsweringMethod[] {
  return file.statements.filter(ts.isClassDeclaration).flatMap((declared) =>
    declared.members.filter(ts.isMethodDeclaration).filter(isRoute).map((declaration) => ({
      id: `${(declared.name?.text ?? '').replace(/Controller$/, '')}_${declaration.name.getText(file)}`,
      declaration,
    })),
  );
}

function isRoute(method: ts.MethodDeclaration): boolean {
  const names = (ts.getDecorators(method) ?? []).map(({ expression }) => (ts.isCallExpression(expression) && ts.isIdentifier(expression.expression) ? expression.expression.text : ''));
  return names.some((name) => verbs.has(name));
}
