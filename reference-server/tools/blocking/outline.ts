import ts from 'typescript'
import { ToolFailure } from '../failure.ts'

export interface OutlineArguments {
  source: string
}

const parse = (source: string): ts.SourceFile => {
  try {
    return ts.createSourceFile('source.tsx', source, ts.ScriptTarget.Latest, false, ts.ScriptKind.TSX)
  } catch {
    // The parser recurses, so what is nested deeply enough exhausts the stack.
    throw new ToolFailure('the source is nested too deeply')
  }
}

const isFunctionValue = (node: ts.Expression | undefined): boolean =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node))

/** What a statement, or a member of a class, declares: one line each, with members indented below their class. */
class Outline {
  readonly #file: ts.SourceFile
  readonly lines: string[] = []

  constructor(file: ts.SourceFile) {
    this.#file = file
    for (const statement of file.statements) this.#statement(statement)
  }

  #statement(node: ts.Statement): void {
    if (ts.isFunctionDeclaration(node)) this.#add(node, 'function', node.name)
    else if (ts.isClassDeclaration(node)) this.#class(node)
    else if (ts.isVariableStatement(node)) {
      for (const declaration of node.declarationList.declarations) {
        if (isFunctionValue(declaration.initializer)) this.#add(declaration, 'function', declaration.name)
      }
    }
  }

  #class(node: ts.ClassDeclaration): void {
    this.#add(node, 'class', node.name)
    for (const member of node.members) {
      if (ts.isConstructorDeclaration(member)) this.#add(member, '  constructor')
      else if (ts.isMethodDeclaration(member)) this.#add(member, '  method', member.name)
      else if (ts.isAccessor(member)) this.#add(member, '  accessor', member.name)
    }
  }

  #add(node: ts.Node, kind: string, name?: ts.Node): void {
    const { line } = this.#file.getLineAndCharacterOfPosition(node.getStart(this.#file))
    this.lines.push(`${kind}${name ? ` ${name.getText(this.#file)}` : ''} (line ${line + 1})`)
  }
}

/**
 * One line for each, such as `function parse (line 3)`. The parser looks ahead, and there are short texts that make it
 * do so for hours (`async (` within `async (`), which is why this runs where it can be stopped.
 */
export const outline = ({ source }: OutlineArguments): string => {
  const { lines } = new Outline(parse(source))
  return lines.length === 0 ? 'no functions and no classes at the top level' : lines.join('\n')
}
