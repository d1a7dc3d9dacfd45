import { z } from "zod";
import type { TextRule } from "./text-rules.ts";

/** A text that a rule accepts; a refusal brings its own fix along. */
export function text(check: TextRule) {
  return z.string().check((context) => {
    const refusal = check(context.value);
    if (refusal === undefined) return;
    const { message, fix } = refusal;
    context.issues.push({ code: "custom", input: context.value, message, params: { fix } });
  });
}
