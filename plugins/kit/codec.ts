import structProto, { type Struct } from "google-protobuf/google/protobuf/struct_pb.js";
import type { Bag } from "./provider.ts";
import {
  type Decoded,
  fromWire,
  type JavaScriptObject,
  secretTexts,
  toWire,
  type Values,
} from "./wire.ts";

/** Reads and writes the property bags of messages, and remembers every secret that passes. */
export class Codec {
  /** What no error may tell. */
  readonly confidential: Set<string>;

  /** @param secrets Those that reach the plugin by another way than a message. */
  constructor(secrets: Iterable<string>) {
    this.confidential = new Set(secrets);
  }

  decode(struct: Struct | undefined): Decoded {
    return this.#remember(fromWire((struct?.toJavaScript() ?? {}) as Values));
  }

  encode({ values, secrets }: Bag): Struct {
    this.#remember({ values, secrets, unknowns: new Set() });
    return structProto.Struct.fromJavaScript(toWire(values, secrets) as JavaScriptObject);
  }

  #remember(decoded: Decoded): Decoded {
    for (const text of secretTexts(decoded)) this.confidential.add(text);
    return decoded;
  }
}
