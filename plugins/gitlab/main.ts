import { serve } from "../kit/host.ts";
import { gitlab } from "./plugin.ts";

await serve(gitlab);
