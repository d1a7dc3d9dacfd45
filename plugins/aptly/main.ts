import { serve } from "../kit/host.ts";
import { aptly } from "./plugin.ts";

await serve(aptly);
