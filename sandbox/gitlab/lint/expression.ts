/**
 * Conditions of `rules: if` and `only: variables`.
 * https://docs.gitlab.com/ci/jobs/job_rules/#cicd-variable-expressions
 */

/** A condition that cannot be read. */
export class ExpressionInvalid extends Error {
  override readonly name = "ExpressionInvalid";
}

/** Gives the value of a variable; undefined when it is not set. */
export type ReadVariable = (name: string) => string | undefined;

type Value = string | null | RegExp | boolean;
type Evaluate = (read: ReadVariable) => Value;

const token =
  /\s*(?:(?<symbol>==|!=|=~|!~|&&|\|\||\(|\))|\$(?<variable>\w+)|\$\{(?<braced>\w+)\}|"(?<double>[^"]*)"|'(?<single>[^']*)'|\/(?<pattern>(?:\\.|[^/\\])+)\/(?<flags>[ismU]*)|(?<nothing>null)\b)/y;

type Token = { symbol: string } | { evaluate: Evaluate };

/**
 * Whether a condition holds. `&&` binds tighter than `||`; a variable alone holds when it is set and
 * not empty.
 *
 * @throws ExpressionInvalid when the text is no condition.
 */
export function holds(text: string, read: ReadVariable): boolean {
  return isTrue(parse(tokenize(text))(read));
}

/** Reads a condition only to see that it can be read. */
export function checkExpression(text: string): void {
  parse(tokenize(text));
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const source = text.trimEnd();
  token.lastIndex = 0;
  while (token.lastIndex < source.length) {
    const found = token.exec(source)?.groups;
    if (!found) throw new ExpressionInvalid("Invalid expression syntax");
    tokens.push(toToken(found));
  }
  return tokens;
}

function toToken(found: Record<string, string | undefined>): Token {
  const { symbol, pattern, flags = "" } = found;
  if (symbol !== undefined) return { symbol };
  const variable = found.variable ?? found.braced;
  if (variable !== undefined) return { evaluate: (read) => read(variable) ?? null };
  if (found.nothing !== undefined) return { evaluate: () => null };
  const value =
    pattern === undefined ? (found.double ?? found.single ?? "") : toPattern(pattern, flags);
  return { evaluate: () => value };
}

/** Ruby's anchors are those of lines; `U` is RE2's ungreedy, which no match depends on. */
function toPattern(pattern: string, flags: string): RegExp {
  const source = pattern.replaceAll("\\A", "^").replaceAll(/\\[zZ]/g, "$");
  try {
    return new RegExp(source, flags.replace("U", ""));
  } catch (error) {
    if (error instanceof SyntaxError) throw new ExpressionInvalid("Invalid expression syntax");
    throw error;
  }
}

function parse(tokens: readonly Token[]): Evaluate {
  let at = 0;
  const whole = readOr();
  if (at < tokens.length) throw new ExpressionInvalid("Invalid expression syntax");
  return whole;

  function takes(symbol: string): boolean {
    const next = tokens[at];
    const found = next !== undefined && "symbol" in next && next.symbol === symbol;
    if (found) at += 1;
    return found;
  }

  function readOr(): Evaluate {
    let left = readAnd();
    while (takes("||")) left = either(left, readAnd());
    return left;
  }

  function readAnd(): Evaluate {
    let left = readComparison();
    while (takes("&&")) left = both(left, readComparison());
    return left;
  }

  function readComparison(): Evaluate {
    const left = readOperand();
    for (const operator of ["==", "!=", "=~", "!~"] as const)
      if (takes(operator)) return compare(left, operator, readOperand());
    return left;
  }

  function readOperand(): Evaluate {
    if (takes("(")) {
      const inner = readOr();
      if (!takes(")")) throw new ExpressionInvalid("Invalid expression syntax");
      return inner;
    }
    const next = tokens[at++];
    if (next === undefined || "symbol" in next)
      throw new ExpressionInvalid("Invalid expression syntax");
    return next.evaluate;
  }
}

function either(left: Evaluate, right: Evaluate): Evaluate {
  return (read) => isTrue(left(read)) || isTrue(right(read));
}

function both(left: Evaluate, right: Evaluate): Evaluate {
  return (read) => isTrue(left(read)) && isTrue(right(read));
}

function compare(left: Evaluate, operator: "==" | "!=" | "=~" | "!~", right: Evaluate): Evaluate {
  return (read) => {
    const [one, other] = [left(read), right(read)];
    switch (operator) {
      case "==":
        return one === other;
      case "!=":
        return one !== other;
      case "=~":
        return matches(one, other);
      case "!~":
        return !matches(one, other);
    }
  };
}

/** The right side may be a variable that holds a pattern with its slashes; one that is none fails. */
function matches(value: Value, pattern: Value): boolean {
  if (value === null) return false;
  const held = pattern instanceof RegExp ? pattern : findPattern(String(pattern ?? ""));
  return held?.test(String(value)) ?? false;
}

/** The pattern that a text between slashes holds; undefined where it holds none that can be read. */
export function findPattern(text: string): RegExp | undefined {
  try {
    return readPattern(text);
  } catch (error) {
    if (error instanceof ExpressionInvalid) return undefined;
    throw error;
  }
}

/**
 * The pattern that a text between slashes holds; undefined for any other text.
 *
 * @throws ExpressionInvalid when it is no regular expression.
 */
export function readPattern(text: string): RegExp | undefined {
  const [, source, flags = ""] = /^\/(.+)\/([ismU]*)$/.exec(text) ?? [];
  return source === undefined ? undefined : toPattern(source, flags);
}

function isTrue(value: Value): boolean {
  return value !== null && value !== "" && value !== false;
}
